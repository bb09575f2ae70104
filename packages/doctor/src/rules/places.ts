import type { Evidence, Pod, Service } from '../evidence/model.ts';
import type { Match } from './cause.ts';
import type { Found } from './finding.ts';

/**
 * Places as plain words (`pod:board/api-1`, `service:board/mariadb`, `node:n1`), so that "A explains B" is a question of
 * common places. A loose text is a place of its own.
 */
export type Places = ReadonlySet<string>;

/** Where a finding sits: its subjects and what stands on them (the services that select a pod, its workload). */
export function placesOf(found: Found, evidence: Evidence): Places {
  return new Set(found.matches.flatMap((match) => placesOfMatch(match, evidence)));
}

/** Where its own cause may sit: the same places, the node below the pod, the service or the claim that it needs. */
export function suspectsOf(found: Found, evidence: Evidence): Places {
  const places = new Set(placesOf(found, evidence));
  for (const match of found.matches) {
    const { namespace } = match.subject;
    if (match.dependsOn !== undefined) places.add(`service:${namespace}/${serviceName(match.dependsOn)}`);
    if (match.values.claim !== undefined) places.add(`claim:${namespace}/${match.values.claim}`);
    for (const claim of claimsOf(match, evidence)) places.add(`claim:${namespace}/${claim}`);
    // A taint of this kind is how the scheduler is told of the trouble of a node, of which one it does not say.
    if (match.values.about?.startsWith('node.kubernetes.io/') === true) places.add(`node:${anyNode}`);
    const node = podNamed(match, evidence)?.node;
    if (node !== undefined && node !== '') places.add(`node:${node}`);
  }
  return places;
}

/** The claims that the pod mounts; any of its namespace where its volumes were not told. */
function claimsOf(match: Match, evidence: Evidence): readonly string[] {
  if (match.subject.kind !== 'Pod') return [];
  return podNamed(match, evidence)?.claims ?? [anyClaim];
}

const anyClaim = '*';
const anyNode = '*';

/** `mariadb` of `mariadb.board.svc.cluster.local:3306`. */
function serviceName(host: string): string {
  return host.split(/[.:]/)[0] ?? host;
}

function podNamed(match: Match, evidence: Evidence): Pod | undefined {
  if (match.subject.kind !== 'Pod') return undefined;
  return evidence.pods.find(
    (pod) => pod.name === match.subject.name && pod.namespace === match.subject.namespace,
  );
}

function placesOfMatch(match: Match, evidence: Evidence): readonly string[] {
  const { kind, namespace, name } = match.subject;
  const key = `${namespace}/${name}`;
  switch (kind) {
    case 'Pod':
      return placesOfPod(podNamed(match, evidence), match, evidence);
    case 'Node':
      return [`node:${name}`, `node:${anyNode}`];
    case 'Service':
    case 'Endpoints':
      return [`service:${key}`];
    case 'PersistentVolumeClaim':
      return [`claim:${key}`, `claim:${namespace}/${anyClaim}`];
    case 'Ingress':
      return [`ingress:${key}`];
    case 'ReplicaSet':
      return [
        `workload:${namespace}/${name.replace(/-[a-z0-9]{6,10}$/, '')}`,
        ...guessedServices(namespace, name),
      ];
    case 'Text':
      return [`text:${name}`];
    default:
      return [`workload:${key}`, ...guessedServices(namespace, name)];
  }
}

function placesOfPod(pod: Pod | undefined, match: Match, evidence: Evidence): readonly string[] {
  const { namespace, name } = match.subject;
  const workload = pod?.workload ?? name.replace(/-[a-z0-9]{6,10}-[a-z0-9]{5}$/, '');
  const selecting = pod === undefined ? [] : evidence.services.filter((service) => selects(service, pod));
  return [
    `pod:${namespace}/${name}`,
    `workload:${namespace}/${workload}`,
    ...selecting.map((service) => `service:${service.namespace}/${service.name}`),
    ...(selecting.length === 0 ? guessedServices(namespace, workload) : []),
  ];
}

/** Where selectors were not seen, a Service mostly has its workload's name. */
function guessedServices(namespace: string, workload: string): readonly string[] {
  const base = workload.replace(/-\d+$/, '').replace(/-[a-z0-9]{6,10}$/, '');
  return [`service:${namespace}/${workload}`, `service:${namespace}/${base}`];
}

/** Whether the Service's selector fits the pod's labels; an empty selector selects nothing. */
export function selects(service: Service, pod: Pod): boolean {
  const wanted = Object.entries(service.selector);
  if (wanted.length === 0 || pod.labels === undefined) return false;
  if (service.namespace !== pod.namespace && service.namespace !== '' && pod.namespace !== '') return false;
  return wanted.every(([name, value]) => pod.labels?.[name] === value);
}

export function overlap(a: Places, b: Places): boolean {
  return [...a].some((place) => b.has(place));
}
