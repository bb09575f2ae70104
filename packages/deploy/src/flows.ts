import type { Peer } from './connections.ts';
import { type KubernetesObject, objectsOf, overlays } from './objects.ts';

/** Every object of both sides as they stand on one cluster. */
export function clusterOf(place: string): readonly KubernetesObject[] {
  return overlays
    .filter(({ name }) => /^(workload|stack)-[a-z]+$/.test(name) && name.endsWith(`-${place}`))
    .flatMap(objectsOf);
}

function podIn(namespaceLabels: Peer['namespaceLabels'], name: string): Peer {
  const namespace = namespaceLabels['kubernetes.io/metadata.name'] ?? '';
  return { namespace, namespaceLabels, labels: { 'app.kubernetes.io/name': name } };
}

function named(namespace: string): Peer['namespaceLabels'] {
  return { 'kubernetes.io/metadata.name': namespace };
}

const board = { ...named('board'), 'maru.dev/sends-telemetry': 'true' };

/** Ours, and others that must not get through. */
export type PodName =
  | 'web'
  | 'api'
  | 'mariadb'
  | 'intruder'
  | 'maru'
  | 'grafana'
  | 'dns'
  | 'stranger'
  | 'sender';

/** The pods of a cluster. */
export const pods: Readonly<Record<PodName, Peer>> = {
  web: podIn(board, 'board-web'),
  api: podIn(board, 'board-api'),
  mariadb: podIn(board, 'board-mariadb'),
  intruder: podIn(board, 'something-else'),
  maru: podIn(named('maru'), 'maru'),
  grafana: podIn(named('maru'), 'grafana'),
  dns: { ...podIn(named('kube-system'), 'dns'), labels: { 'k8s-app': 'kube-dns' } },
  stranger: podIn(named('elsewhere'), 'any'),
  sender: podIn({ ...named('team'), 'maru.dev/sends-telemetry': 'true' }, 'service'),
};

/** A connection over TCP: what it is, from where, to where, and the port. */
export type Flow = readonly [what: string, from: PodName, to: PodName, port: number];

/** What must get through wherever both sides stand on one cluster. */
export const allowedFlows: readonly Flow[] = [
  ['a router reaches web', 'stranger', 'web', 8080],
  ['web reaches API', 'web', 'api', 5000],
  ['API reaches MariaDB', 'api', 'mariadb', 3306],
  ['API reaches the stack, OTLP over HTTP', 'api', 'maru', 4318],
  ['web reaches the stack, OTLP over HTTP', 'web', 'maru', 4318],
  ['another team’s service reaches the stack, OTLP over gRPC', 'sender', 'maru', 4317],
];

/** What must not. */
export const forbiddenFlows: readonly Flow[] = [
  ['web to MariaDB', 'web', 'mariadb', 3306],
  ['another pod of the namespace to MariaDB', 'intruder', 'mariadb', 3306],
  ['another namespace to MariaDB', 'stranger', 'mariadb', 3306],
  ['another namespace to API', 'stranger', 'api', 5000],
  ['API to another port of MariaDB', 'api', 'mariadb', 4444],
  ['API to another namespace', 'api', 'stranger', 443],
  ['API to web', 'api', 'web', 8080],
  ['API to console', 'api', 'maru', 3000],
  ['MariaDB to another namespace', 'mariadb', 'stranger', 443],
  ['MariaDB to API', 'mariadb', 'api', 5000],
  ['stack to another namespace', 'maru', 'stranger', 443],
  ['a namespace without the label to the stack, OTLP over HTTP', 'stranger', 'maru', 4318],
  ['a namespace without the label to the stack, OTLP over gRPC', 'stranger', 'maru', 4317],
];
