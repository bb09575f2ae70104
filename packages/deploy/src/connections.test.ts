import { describe, expect, it } from 'vitest';
import { mayConnect, type Peer, waysOut } from './connections.ts';
import { allowedFlows, clusterOf, forbiddenFlows, pods } from './flows.ts';
import { type KubernetesObject, objectsOf, overlays, places } from './objects.ts';

const { web, api, mariadb, maru, grafana, dns, stranger } = pods;

describe.each(places)('on %s', (place) => {
  const cluster = clusterOf(place);

  it.each(allowedFlows)('%s', (_what, from, to, port) => {
    expect(mayConnect(cluster, pods[from], pods[to], port)).toBe(true);
  });

  it.each(forbiddenFlows)('does not let through: %s', (_what, from, to, port) => {
    expect(mayConnect(cluster, pods[from], pods[to], port)).toBe(false);
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
