import type { Evidence, Pod } from '../evidence/model.ts';
import type { Judged } from './diagnose.ts';
import type { Found } from './finding.ts';
import { overlap, type Places, placesOf, selects, suspectsOf } from './places.ts';

/**
 * The causes that touch one service: those of its pods, of the nodes and services that they need, and those that bring
 * them about. A service is known by its OpenTelemetry name, its workload's, its Service's or its `app` label.
 */
export function onlyOfService(
  judged: readonly Judged[],
  service: string,
  evidence: Evidence,
): readonly Judged[] {
  const pods = evidence.pods.filter((pod) => isOfService(pod, service, evidence));
  const own = placesOfService(service, pods, evidence);
  const nodes: Places = new Set(pods.map(({ node }) => `node:${node}`));
  const touches = (found: Found): boolean =>
    found.about === service ||
    overlap(suspectsOf(found, evidence), own) ||
    overlap(placesOf(found, evidence), nodes);
  return judged.filter(({ found, follows }) => [found, ...follows].some(touches));
}

function placesOfService(service: string, pods: readonly Pod[], { services }: Evidence): Places {
  return new Set([
    `text:${service}`,
    ...pods.flatMap(({ namespace, name, workload }) => [
      `pod:${namespace}/${name}`,
      `workload:${namespace}/${workload}`,
    ]),
    ...services
      .filter(({ name }) => name === service)
      .map(({ namespace, name }) => `service:${namespace}/${name}`),
  ]);
}

function isOfService(pod: Pod, service: string, { services }: Evidence): boolean {
  const { labels = {}, workload, containers } = pod;
  const named = services.filter(({ name }) => name === service);
  return (
    workload === service ||
    labels.app === service ||
    labels['app.kubernetes.io/name'] === service ||
    containers.some(({ environment }) => telemetryName(environment) === service) ||
    named.some((one) => selects(one, pod))
  );
}

function telemetryName(environment: Readonly<Record<string, string>>): string {
  const attributes = environment.OTEL_RESOURCE_ATTRIBUTES ?? '';
  return environment.OTEL_SERVICE_NAME || (/(?:^|,)\s*service\.name=([^,]*)/.exec(attributes)?.[1] ?? '');
}
