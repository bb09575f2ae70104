import { type ApiRequest, type FakeApiOptions, FakeApiServer } from '@maru/testkit';
import { afterEach, describe, expect, it } from 'vitest';
import { openCluster, openOwnCluster } from './live.ts';
import type { ClusterReader } from './reader.ts';

const pods = Array.from({ length: 1_201 }, (_, index) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: `board-api-${index}`, namespace: index % 2 === 0 ? 'board' : 'shop' },
  status: { phase: 'Running' },
}));

const opened: { close: () => unknown }[] = [];
afterEach(async () => {
  for (const one of opened.splice(0)) await one.close();
});

async function start(options: Partial<FakeApiOptions> = {}): Promise<FakeApiServer> {
  const server = await FakeApiServer.start({ objects: pods, ...options });
  opened.unshift(server);
  return server;
}

async function open(server: FakeApiServer, timeoutMs = 10_000): Promise<ClusterReader> {
  const reader = await openCluster({ kubeconfig: server.kubeconfig, limits: { timeoutMs } });
  opened.unshift(reader);
  return reader;
}

async function reader(options: Partial<FakeApiOptions> = {}, timeoutMs = 10_000): Promise<ClusterReader> {
  return open(await start(options), timeoutMs);
}

const isPods = ({ resource }: ApiRequest): boolean => resource === 'pods';

describe('a list of a live cluster', () => {
  it('is read in pages to its end, with its kind and version on every object', async () => {
    const server = await start();
    const { objects, gaps } = await (await open(server)).list('Pod');
    expect(objects.map(({ name }) => name)).toEqual(pods.map(({ metadata }) => metadata.name));
    expect(objects[0]).toMatchObject({ namespace: 'board', value: { kind: 'Pod', apiVersion: 'v1' } });
    expect(gaps).toEqual([]);
    expect(server.requests.filter((one) => one.includes('/pods'))).toHaveLength(3);
    expect(server.requests.every((one) => one.startsWith('GET '))).toBe(true);
  });

  it('is that of one namespace where one is asked for', async () => {
    const { objects } = await (await reader()).list('Pod', 'shop');
    expect(objects).toHaveLength(600);
  });

  it('names the permission that is missing, as `kubectl auth can-i` takes it', async () => {
    const { objects, gaps } = await (
      await reader({ refuses: ({ resource }) => resource === 'deployments' })
    ).list('Deployment', 'board');
    expect(objects).toEqual([]);
    expect(gaps).toEqual([
      {
        text: {
          en: 'could not look at deployments.apps: needs the permission "list deployments.apps" in namespace board',
          ko: expect.stringContaining('"list deployments.apps" 권한'),
        },
        permission: { verb: 'list', resource: 'deployments.apps', namespace: 'board' },
      },
    ]);
  });

  it('begins anew when its pages went out of date', async () => {
    const expired = (asked: ApiRequest, attempt: number): { status: number } | undefined =>
      asked.query.get('continue') === '500' && attempt === 0 ? { status: 410 } : undefined;
    const { objects, gaps } = await (await reader({ trouble: expired })).list('Pod');
    expect(objects).toHaveLength(pods.length);
    expect(gaps).toEqual([]);
  });

  it('gives up on one that goes out of date again and again, with what was read', async () => {
    const { objects, gaps } = await (
      await reader({ trouble: ({ query }) => (query.has('continue') ? { status: 410 } : undefined) })
    ).list('Pod');
    expect(objects).toHaveLength(500);
    expect(gaps[0]?.text.en).toContain('went out of date 4 times');
  });

  it.each([
    ['an overloaded server', { status: 429, retryAfterSeconds: 0 }],
    ['a failing server', { status: 503 }],
    ['an answer that is cut off', 'cut'],
  ] as const)('is asked for again after %s', async (_, trouble) => {
    const { objects, gaps } = await (
      await reader({ trouble: (asked, attempt) => (isPods(asked) && attempt === 0 ? trouble : undefined) })
    ).list('Pod');
    expect(objects).toHaveLength(pods.length);
    expect(gaps).toEqual([]);
  });

  it.each([
    ['stays silent', 'silent', /no whole answer within 0.3 s/],
    ['keeps failing', { status: 500 }, /HTTP 500: answered with 500 on purpose/],
    ['keeps cutting its answers off', 'cut', /connection was cut/],
    ['answers with a page', 'html', /the answer is no list/],
  ] as const)(
    'is a gap when the server %s, and other lists are read all the same',
    async (_, trouble, why) => {
      const eyes = await reader({ trouble: (asked) => (isPods(asked) ? trouble : undefined) }, 300);
      const [listing, services] = await Promise.all([eyes.list('Pod'), eyes.list('Service')]);
      expect(listing.objects).toEqual([]);
      expect(listing.gaps[0]?.text.en).toMatch(why);
      expect(services.gaps).toEqual([]);
    },
  );

  it('keeps the pages that came before the failure', async () => {
    const { objects, gaps } = await (
      await reader({
        trouble: ({ query }) => (query.get('continue') === '1000' ? { status: 500 } : undefined),
      })
    ).list('Pod');
    expect(objects).toHaveLength(1_000);
    expect(gaps[0]?.text.en).toContain('the first 1000 were read');
  });

  it('is empty without a gap where an add-on is not installed', async () => {
    expect(await (await reader()).list('HTTPRoute')).toEqual({ objects: [], gaps: [], isServed: false });
  });
});

describe('a log', () => {
  const request = { namespace: 'board', pod: 'board-api-0', container: 'api', isPrevious: false };

  it('is its last lines, each with whose it is', async () => {
    const eyes = await reader({ logs: { 'board/board-api-0/api': 'first\n\nError: no database\n' } });
    expect((await eyes.log(request)).lines.map(({ text, where, owner }) => [text, where, owner])).toEqual([
      ['first', 'log of board/board-api-0:1', 'board-api-0'],
      ['Error: no database', 'log of board/board-api-0:3', 'board-api-0'],
    ]);
  });

  it('that is not there is no gap; one that is refused is', async () => {
    expect(await (await reader()).log(request)).toEqual({ lines: [], gaps: [] });
    const refused = await (await reader({ refuses: ({ subresource }) => subresource === 'log' })).log(
      request,
    );
    expect(refused.gaps[0]?.permission).toEqual({ verb: 'get', resource: 'pods/log', namespace: 'board' });
  });
});

describe('the cluster that this process is a pod of', () => {
  it('is read as the pod’s ServiceAccount', async () => {
    const server = await start();
    const { hostname, port } = new URL(server.url);
    const env = { KUBERNETES_SERVICE_HOST: hostname, KUBERNETES_SERVICE_PORT: port };
    const own = await openOwnCluster(env, server.accountFolder);
    if (own !== undefined) opened.unshift(own);
    expect(own?.namespace).toBe('maru');
    expect((await own?.list('Pod'))?.objects).toHaveLength(pods.length);
  });

  it('is none outside of one', async () => {
    expect(await openOwnCluster({})).toBeUndefined();
  });
});
