import { openCluster } from '@maru/cluster';
import { type FakeApiOptions, FakeApiServer } from '@maru/testkit';
import { describe, expect, it } from 'vitest';
import { examineCluster, type Question } from '../examine.ts';
import type { Diagnosis } from '../report/report.ts';
import { eventObject, nodeObject, podObject } from '../testing/cluster.ts';

async function examine(options: FakeApiOptions, question: Question = {}): Promise<Diagnosis> {
  const server = await FakeApiServer.start(options);
  const reader = await openCluster({ kubeconfig: server.kubeconfig, limits: { timeoutMs: 2_000 } });
  try {
    return await examineCluster(reader, question);
  } finally {
    reader.close();
    await server.close();
  }
}

const ids = ({ findings }: Diagnosis): readonly string[] => findings.map(({ id }) => id);

const crashed = podObject({
  name: 'board-api-7c9d8f6b5-x2x4z',
  waiting: { reason: 'CrashLoopBackOff', message: 'back-off 5m0s restarting failed container' },
  lastExitCode: 1,
});
const healthy = podObject({ name: 'board-web-6f5d4c3b2-k8s9q' });
const elsewhere = podObject({
  name: 'shop-7c9d8f6b5-aaaaa',
  namespace: 'shop',
  waiting: { reason: 'CreateContainerConfigError', message: 'secret "shop-db" not found' },
});
const logs = {
  'board/board-api-7c9d8f6b5-x2x4z/api': 'Starting\nError: connect ECONNREFUSED 10.0.12.7:3306\n',
  'board/board-api-7c9d8f6b5-x2x4z/api/previous': "Error: Cannot find module 'fastify'\n",
};
const cluster = { objects: [nodeObject('aks-pool-0'), crashed, healthy, elsewhere], logs };

describe('a live cluster', () => {
  it('is healthy when nothing is wrong with it', async () => {
    const diagnosis = await examine({ objects: [nodeObject('aks-pool-0'), healthy] });
    expect(diagnosis).toMatchObject({
      status: 'healthy',
      findings: [],
      gaps: [],
      seen: { pods: 1, nodes: 1 },
    });
  });

  it('is examined to the logs of what crashes, of this run and the one before', async () => {
    const diagnosis = await examine(cluster);
    expect(ids(diagnosis)).toEqual(
      expect.arrayContaining(['module-missing', 'connection-refused', 'secret-missing']),
    );
    const module = diagnosis.findings.find(({ id }) => id === 'module-missing');
    expect(module?.evidence[0]?.where).toBe('log of board/board-api-7c9d8f6b5-x2x4z (previous):1');
  });

  it('is examined in one namespace where one is asked for', async () => {
    const diagnosis = await examine(cluster, { namespace: 'shop' });
    expect(ids(diagnosis)).toEqual(['secret-missing']);
  });

  it('is told of for one service only where one is asked for', async () => {
    expect(ids(await examine(cluster, { service: 'shop' }))).toEqual(['secret-missing']);
    expect(ids(await examine(cluster, { service: 'board-api' }))).not.toContain('secret-missing');
    expect((await examine(cluster, { service: 'board-web' })).status).toBe('healthy');
  });
});

describe('a cluster that does not show all', () => {
  it('is looked at in the context’s namespace when the whole is refused, and says so', async () => {
    const diagnosis = await examine({
      ...cluster,
      refuses: ({ namespace, verb }) => verb === 'list' && namespace === '',
    });
    expect(ids(diagnosis)).toContain('module-missing');
    expect(ids(diagnosis)).not.toContain('secret-missing');
    expect(diagnosis.gaps.map(({ permission }) => permission)).toContainEqual({
      verb: 'list',
      resource: 'pods',
      namespace: '',
    });
  });

  it('is not called healthy when no pod could be seen', async () => {
    const diagnosis = await examine({ objects: [healthy], refuses: () => true });
    expect(diagnosis.status).toBe('could-not-look');
    expect(diagnosis.gaps.map(({ text }) => text.en)).toContain(
      'could not look at pods: needs the permission "list pods" in namespace board',
    );
  });

  it('gives the findings that can be had without events, logs and nodes', async () => {
    const refuses = ({ plural, subresource }: { plural: string; subresource: string }): boolean =>
      plural === 'events' || plural === 'nodes' || subresource === 'log';
    const diagnosis = await examine({ ...cluster, refuses });
    expect(ids(diagnosis)).toContain('secret-missing');
    expect(diagnosis.gaps.map(({ permission }) => permission?.resource)).toEqual(
      expect.arrayContaining(['events', 'nodes', 'pods/log']),
    );
  });

  it('is examined as far as a failing server lets it', async () => {
    const trouble: FakeApiOptions['trouble'] = ({ plural }) =>
      plural === 'services' ? 'cut' : plural === 'ingresses' ? { status: 500 } : undefined;
    const diagnosis = await examine({ ...cluster, trouble });
    expect(ids(diagnosis)).toContain('secret-missing');
    expect(diagnosis.gaps).toHaveLength(2);
  });
});

describe('a large cluster', () => {
  /** As much again as a real pod has in managedFields, volumes and conditions: about 8 kB. */
  const bulk = { padding: 'x'.repeat(6_500) };

  const environment = {
    OTEL_EXPORTER_OTLP_ENDPOINT: 'http://service1.board:4318',
    OTEL_SERVICE_NAME: 'service',
    DATABASE_URL: 'mysql://service2/board',
  };

  /** What every service allows and has in front of it. */
  const around = Array.from({ length: 100 }, (_, index) => [
    {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { name: `service${index}`, namespace: 'board' },
      spec: {
        podSelector: { matchLabels: { app: `service${index}` } },
        policyTypes: ['Egress'],
        egress: [{}],
      },
    },
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: `service${index}`, namespace: 'board' },
      spec: { selector: { app: `service${index}` }, ports: [{ port: 4318 }, { port: 3306 }] },
    },
  ]).flat();

  /** Every tenth of 2,000 pods is in trouble, each with three events. */
  function largeCluster(): readonly object[] {
    return Array.from({ length: 2_000 }, (_, index) => {
      const name = `service${index % 100}-7c9d8f6b5-p${String(index).padStart(4, '0')}`;
      if (index % 10 !== 0)
        return [podObject({ name, node: `aks-pool-${index % 40}`, container: bulk, environment })];
      const image = `registry.example.com/service${index % 100}:1.2.0`;
      const waiting = { reason: 'ImagePullBackOff', message: `Back-off pulling image "${image}"` };
      const failed = `Failed to pull image "${image}": rpc error: code = NotFound desc = failed to pull and unpack image "${image}": no match for platform in manifest: not found`;
      return [
        podObject({ name, image, node: `aks-pool-${index % 40}`, waiting, environment }),
        eventObject(name, 'Failed', failed),
        eventObject(name, 'BackOff', `Back-off pulling image "${image}"`),
        eventObject(name, 'Pulling', `Pulling image "${image}"`, 'Normal'),
      ];
    }).flat();
  }

  it('of 2,000 pods is examined in a few seconds', async () => {
    const nodes = Array.from({ length: 40 }, (_, index) => nodeObject(`aks-pool-${index}`));
    const server = await FakeApiServer.start({ objects: [...nodes, ...around, ...largeCluster()] });
    const started = process.cpuUsage();
    const from = performance.now();
    const reader = await openCluster({ kubeconfig: server.kubeconfig });
    const diagnosis = await examineCluster(reader, { asksRegistries: false });
    const { user, system } = process.cpuUsage(started);
    const seconds = (performance.now() - from) / 1_000;
    reader.close();
    await server.close();
    console.log(
      `2,000 pods: ${seconds.toFixed(2)} s, ${((user + system) / 1e6).toFixed(2)} s of CPU, server included`,
    );
    expect(diagnosis.seen.pods).toBe(2_000);
    expect(diagnosis.findings.every(({ id }) => id === 'image-platform')).toBe(true);
    expect(diagnosis.findings).toHaveLength(10);
    expect(seconds).toBeLessThan(20);
  });
});
