import { describe, expect, it } from 'vitest';
import { mayConnect, type Peer, waysOut } from './connections.ts';
import { type KubernetesObject, objectsOf, overlays, places } from './objects.ts';

/** Every object of both sides as they stand on one cluster. */
function clusterOf(place: string): readonly KubernetesObject[] {
  return overlays.filter(({ name }) => name.endsWith(`-${place}`)).flatMap(objectsOf);
}

function podIn(namespaceLabels: Peer['namespaceLabels'], name: string): Peer {
  const namespace = namespaceLabels['kubernetes.io/metadata.name'] ?? '';
  return { namespace, namespaceLabels, labels: { 'app.kubernetes.io/name': name } };
}

function named(namespace: string): Peer['namespaceLabels'] {
  return { 'kubernetes.io/metadata.name': namespace };
}

const board = { ...named('board'), 'maru.dev/sends-telemetry': 'true' };
const web = podIn(board, 'board-web');
const api = podIn(board, 'board-api');
const mariadb = podIn(board, 'board-mariadb');
const intruder = podIn(board, 'something-else');
const maru = podIn(named('maru'), 'maru');
const grafana = podIn(named('maru'), 'grafana');
const dns: Peer = { ...podIn(named('kube-system'), 'dns'), labels: { 'k8s-app': 'kube-dns' } };
const stranger = podIn(named('elsewhere'), 'any');
const sender = podIn({ ...named('team'), 'maru.dev/sends-telemetry': 'true' }, 'service');

describe.each(places)('on %s', (place) => {
  const cluster = clusterOf(place);

  it.each([
    ['a router', 'web', stranger, web, 8080],
    ['web', 'API', web, api, 5000],
    ['API', 'MariaDB', api, mariadb, 3306],
    ['API', 'stack, OTLP over HTTP', api, maru, 4318],
    ['web', 'stack, OTLP over HTTP', web, maru, 4318],
    ['another team’s service', 'stack, OTLP over gRPC', sender, maru, 4317],
  ] as const)('%s reaches %s', (_from, _to, from, to, port) => {
    expect(mayConnect(cluster, from, to, port)).toBe(true);
  });

  it.each([
    ['web', 'MariaDB', web, mariadb, 3306],
    ['another pod of the namespace', 'MariaDB', intruder, mariadb, 3306],
    ['another namespace', 'MariaDB', stranger, mariadb, 3306],
    ['another namespace', 'API', stranger, api, 5000],
    ['API', 'another port of MariaDB', api, mariadb, 4444],
    ['API', 'another namespace', api, stranger, 443],
    ['API', 'web', api, web, 8080],
    ['API', 'console', api, maru, 3000],
    ['MariaDB', 'another namespace', mariadb, stranger, 443],
    ['MariaDB', 'API', mariadb, api, 5000],
    ['stack', 'another namespace', maru, stranger, 443],
    ['a namespace without the label', 'stack, OTLP over HTTP', stranger, maru, 4318],
    ['a namespace without the label', 'stack, OTLP over gRPC', stranger, maru, 4317],
  ] as const)('%s does not reach %s', (_from, _to, from, to, port) => {
    expect(mayConnect(cluster, from, to, port)).toBe(false);
  });

  it('web and API may ask for names, MariaDB and the stack need none', () => {
    const asks = (from: Peer): readonly boolean[] =>
      (['UDP', 'TCP'] as const).map((protocol) => mayConnect(cluster, from, dns, 53, protocol));
    expect([web, api, mariadb, maru].map(asks)).toEqual([
      [true, true],
      [true, true],
      [false, false],
      [false, false],
    ]);
  });

  it('a Grafana beside the stack may query it once a policy of its own lets it', () => {
    const policy: KubernetesObject = {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { name: 'grafana', namespace: 'maru' },
      spec: { podSelector: { matchLabels: grafana.labels }, policyTypes: ['Egress'], egress: [{}] },
    };
    expect(mayConnect(cluster, grafana, maru, 3000)).toBe(false);
    expect(mayConnect([...cluster, policy], grafana, maru, 3000)).toBe(true);
  });
});

it('the console is open to other namespaces only where an Ingress leads to it', () => {
  expect(places.map((place) => mayConnect(clusterOf(place), stranger, maru, 3000))).toEqual([true, false]);
});

describe('with the stack elsewhere', () => {
  const objects = overlays.filter(({ name }) => name === 'workload-aks-remote').flatMap(objectsOf);

  it('API and web reach its one address over TLS and no stack in the cluster', () => {
    expect([web, api, mariadb].map((pod) => waysOut(objects, pod))).toEqual([
      ['203.0.113.10/32:443'],
      ['203.0.113.10/32:443'],
      [],
    ]);
    expect([web, api].map((pod) => mayConnect(objects, pod, maru, 4318))).toEqual([false, false]);
    expect(mayConnect(objects, api, mariadb, 3306)).toBe(true);
    expect(mayConnect(objects, web, mariadb, 3306)).toBe(false);
  });

  it('sends there', () => {
    const map = objects.find(({ kind }) => kind === 'ConfigMap');
    expect(map?.data?.OTEL_EXPORTER_OTLP_ENDPOINT).toBe('https://telemetry.example.com');
  });

  it('both sides on one cluster have no way out', () => {
    const ways = places.flatMap((place) =>
      [web, api, mariadb, maru].flatMap((pod) => waysOut(clusterOf(place), pod)),
    );
    expect(ways).toEqual([]);
  });
});
