import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  type KubernetesObject,
  type Labels,
  objectsOf,
  overlays,
  renderings,
  selects,
  type Workload,
  workloadsOf,
} from './objects.ts';
import { repository } from './repository.ts';

interface Service extends KubernetesObject {
  readonly spec: {
    readonly clusterIP?: string;
    readonly publishNotReadyAddresses?: boolean;
    readonly selector: Labels;
    readonly ports: readonly { readonly port: number; readonly targetPort: string }[];
  };
}

interface Budget extends KubernetesObject {
  readonly spec: { readonly maxUnavailable: number; readonly selector: { readonly matchLabels: Labels } };
}

interface Autoscaler extends KubernetesObject {
  readonly spec: {
    readonly scaleTargetRef: { readonly kind: string; readonly name: string };
    readonly minReplicas: number;
    readonly maxReplicas: number;
  };
}

function ofKind<Kind extends KubernetesObject>(
  objects: readonly KubernetesObject[],
  kind: string,
): readonly Kind[] {
  const is = (object: KubernetesObject): object is Kind => object.kind === kind;
  return objects.filter(is);
}

function chosenBy(objects: readonly KubernetesObject[], labels: Labels): readonly Workload[] {
  return workloadsOf(objects).filter(({ spec }) => selects(labels, spec.template.metadata.labels));
}

describe.each(renderings)('$name', (overlay) => {
  const objects = objectsOf(overlay);
  const services = ofKind<Service>(objects, 'Service');

  it('every Service chooses one workload and a port that it names', () => {
    expect(services.length).toBeGreaterThan(0);
    for (const { spec } of services) {
      const chosen = chosenBy(objects, spec.selector);
      expect(chosen).toHaveLength(1);
      const names = chosen[0]?.spec.template.spec.containers
        .flatMap(({ ports }) => ports)
        .map((port) => port.name);
      for (const { targetPort } of spec.ports) expect(names).toContain(targetPort);
    }
  });

  it('every StatefulSet has its headless Service', () => {
    for (const { spec } of ofKind<Workload>(objects, 'StatefulSet')) {
      const service = services.find(({ metadata }) => metadata.name === spec.serviceName);
      expect(service?.spec.clusterIP).toBe('None');
    }
  });

  it('every Deployment is spread over nodes and has a budget that lets a node be drained', () => {
    for (const { spec } of ofKind<Workload>(objects, 'Deployment')) {
      const labels = spec.template.metadata.labels;
      const [spread] = spec.template.spec.topologySpreadConstraints ?? [];
      expect(spread?.topologyKey).toBe('kubernetes.io/hostname');
      expect(selects(spread?.labelSelector.matchLabels ?? {}, labels)).toBe(true);
      const budgets = ofKind<Budget>(objects, 'PodDisruptionBudget').filter((budget) =>
        selects(budget.spec.selector.matchLabels, labels),
      );
      expect(budgets.map((budget) => budget.spec.maxUnavailable)).toEqual([1]);
    }
  });

  it('the autoscaler alone has the number of the pods that it scales', () => {
    for (const { spec } of ofKind<Autoscaler>(objects, 'HorizontalPodAutoscaler')) {
      const target = workloadsOf(objects).find(({ metadata }) => metadata.name === spec.scaleTargetRef.name);
      expect(target?.kind).toBe(spec.scaleTargetRef.kind);
      expect(target?.spec.replicas).toBeUndefined();
      expect(spec.minReplicas).toBeGreaterThanOrEqual(2);
    }
  });
});

it('MariaDB takes the connections of the most API pods there can be, and one more while they are replaced', () => {
  const objects = overlays.filter(({ name }) => name === 'workload-aks').flatMap(objectsOf);
  const pools = readFileSync(`${repository}/board/api/src/database/database.ts`, 'utf8');
  const connections = [...pools.matchAll(/connections: (\d+)/g)].map(([, number]) => Number(number));
  const [autoscaler] = ofKind<Autoscaler>(objects, 'HorizontalPodAutoscaler');
  const args = workloadsOf(objects).flatMap(({ spec }) => spec.template.spec.containers[0]?.args ?? []);
  const allowed = Number(/--max-connections=(\d+)/.exec(args.join(' '))?.[1]);
  expect(connections).toHaveLength(2);
  const each = connections.reduce((sum, one) => sum + one, 0);
  expect(each * ((autoscaler?.spec.maxReplicas ?? Number.NaN) + 1)).toBeLessThan(allowed);
});

it('telemetry is taken while the engine is away: its Service alone sends to a pod that is not ready', () => {
  const services = overlays.filter(({ name }) => name === 'stack-aks').flatMap(objectsOf);
  const open = ofKind<Service>(services, 'Service').map(({ metadata, spec }) => [
    metadata.name,
    spec.publishNotReadyAddresses ?? false,
  ]);
  expect(Object.fromEntries(open)).toEqual({ maru: false, 'maru-headless': true, 'maru-otlp': true });
});

describe('the way in', () => {
  it('locally is an Ingress with a nip.io host, for the Board and for the console', () => {
    const hosts = overlays
      .filter(({ name }) => name.endsWith('-local'))
      .flatMap(objectsOf)
      .filter(({ kind }) => kind === 'Ingress')
      .map(({ spec }) => JSON.stringify(spec));
    expect(hosts).toHaveLength(2);
    for (const spec of hosts) expect(spec).toMatch(/"host":"\w+\.127\.0\.0\.1\.nip\.io"/);
  });

  it('on AKS is the Gateway API, to the Board alone', () => {
    const objects = overlays.filter(({ name }) => name.endsWith('-aks')).flatMap(objectsOf);
    const routes = objects.filter(({ kind }) => kind === 'HTTPRoute' || kind === 'Ingress');
    const gateway = objects.find(({ kind }) => kind === 'Gateway');
    expect(routes.map(({ metadata, spec }) => ({ namespace: metadata.namespace, spec }))).toMatchObject([
      {
        namespace: 'board',
        spec: {
          parentRefs: [{ name: gateway?.metadata.name }],
          rules: [{ backendRefs: [{ name: 'board-web', port: 80 }] }],
        },
      },
    ]);
    expect(gateway).toMatchObject({
      apiVersion: 'gateway.networking.k8s.io/v1',
      spec: { gatewayClassName: 'approuting-istio', listeners: [{ protocol: 'HTTP', port: 80 }] },
    });
  });
});
