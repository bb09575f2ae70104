import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { canBox } from '../box.ts';
import { allowedFlows, type Flow, forbiddenFlows } from '../flows.ts';
import { type Answer, Cluster } from './cluster.ts';
import { whyNoHosts } from './hosts.ts';
import { findServer } from './mariadb.ts';

const why = [
  ...(canBox ? [] : ['containers cannot be made here (that takes root on Linux)']),
  ...(findServer() === undefined ? ['there is no MariaDB server'] : []),
  ...[whyNoHosts()].filter((reason) => reason !== undefined),
];
if (why.length > 0)
  console.warn(
    `the NetworkPolicies are only evaluated (connections.test.ts), not put into force in network namespaces: ${why.join('; ')}`,
  );

const secrets = {
  'board-database/password': '6f1d0b7c2e',
  'board-database/root-password': '9a0d5c11fe',
  'board-admin/password': 'a-password-of-this-test',
  'maru-keys/board': 'a-key-that-the-board-shows',
  'maru-keys/console': 'a-key-that-people-show',
};

const otlp = { 'board-otlp/headers': `authorization=Bearer%20${secrets['maru-keys/board']}` };
const wrongOtlp = { 'board-otlp/headers': 'authorization=Bearer%20a-key-of-somebody-else' };

let cluster: Cluster;

async function outcomesOf(flows: readonly Flow[]): Promise<readonly (readonly [string, string])[]> {
  return Promise.all(
    flows.map(async ([what, from, to, port]) => {
      const [outcome = ''] = await cluster.connect(from, [`${cluster.address(to)}:${port}`]);
      return [what, outcome] as const;
    }),
  );
}

/** What the stack's query APIs answer, asked as `kubectl port-forward` does: from the pod itself. */
async function askStack(path: string): Promise<unknown> {
  const headers = { authorization: `Bearer ${secrets['maru-keys/console']}` };
  return JSON.parse((await cluster.fetch('maru', `http://127.0.0.1:3000${path}`, { headers })).text);
}

async function logIn(headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
  return cluster.fetch('stranger', `http://${cluster.address('web')}:8080/api/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'accept-language': 'ko', ...headers },
    body: JSON.stringify({ username: 'admin', password: secrets['board-admin/password'] }),
  });
}

interface Ledger {
  readonly balanced: boolean;
  readonly signals: Readonly<Record<string, { readonly journaled: string; readonly rejected: string }>>;
  readonly rejections: readonly { readonly reason: string; readonly signal: string }[];
}

async function ledger(): Promise<Ledger> {
  return (await askStack('/api/ledger')) as Ledger;
}

const signals = ['traces', 'metrics', 'logs'];

/** A number of the ledger for each signal. */
function counts({ signals: by }: Ledger, what: 'journaled' | 'rejected'): readonly number[] {
  return signals.map((signal) => Number(by[signal]?.[what]));
}

/** Sends an empty request, as a pod of another team does; gives the answer's status. */
async function send(headers: Readonly<Record<string, string>>): Promise<number> {
  const { status } = await cluster.fetch('sender', `http://${cluster.address('maru')}:4318/v1/traces`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: '{"resourceSpans":[]}',
  });
  return status;
}

describe.skipIf(why.length > 0)('both sides, each pod on a host of its own (needs root, ip and nft)', () => {
  beforeAll(async () => {
    cluster = new Cluster();
    await Promise.all([cluster.start('maru', secrets), cluster.startDatabase(secrets)]);
    await cluster.start('api', { ...secrets, ...wrongOtlp });
    await cluster.start('web', { ...secrets, ...wrongOtlp });
  }, 180_000);

  afterAll(async () => cluster?.close(), 60_000);

  it('everything reaches everything while no policy is in force', async () => {
    const outcomes = await outcomesOf([...allowedFlows, ...forbiddenFlows]);
    expect(outcomes.filter(([, outcome]) => outcome === 'dropped')).toEqual([]);
  }, 60_000);

  it('with the policies, what is allowed passes and nothing else', async () => {
    cluster.enforcePolicies('aks');
    expect(await outcomesOf(allowedFlows)).toEqual(allowedFlows.map(([what]) => [what, 'connected']));
    expect(await outcomesOf(forbiddenFlows)).toEqual(forbiddenFlows.map(([what]) => [what, 'dropped']));
  }, 60_000);

  it('somebody from elsewhere logs in through web, API and MariaDB', async () => {
    const { status, text } = await logIn();
    expect([status, JSON.parse(text)]).toEqual([
      200,
      { is_admin: true, message: '관리자 로그인 성공', status: 'success', username: 'admin' },
    ]);
  });

  it('from the first start on nothing is taken or told without a key', async () => {
    expect(await send({})).toBe(401);
    const { status } = await cluster.fetch('maru', 'http://127.0.0.1:3000/api/ledger');
    expect(status).toBe(401);
  });

  it('another sender gets a key in the pod', async () => {
    const words = ['key', 'create', 'another', '--data', '/data/maru'];
    const key = cluster.exec('maru', ['node', 'packages/cli/src/main.ts', ...words]).trim();
    const headers = { authorization: `Bearer ${key}` };
    await vi.waitFor(async () => expect(await send(headers)).toBe(200), { timeout: 60_000 });
  }, 90_000);

  it('telemetry with a wrong key is refused and counted', async () => {
    const before = await ledger();
    await logIn();
    // At its end the API sends what it has.
    expect(await cluster.end('api')).toBe(0);
    const after = await ledger();
    expect(counts(after, 'journaled')).toEqual(counts(before, 'journaled'));
    counts(after, 'rejected').forEach((count, index) => {
      expect(count).toBeGreaterThan(counts(before, 'rejected')[index] ?? 0);
    });
    expect(new Set(after.rejections.map(({ reason }) => reason))).toEqual(new Set(['unauthorized']));
  }, 60_000);

  it('with the key in its Secret, all three signals arrive', async () => {
    await cluster.start('api', { ...secrets, ...otlp });
    const before = await ledger();
    const traceId = randomBytes(16).toString('hex');
    expect((await logIn({ traceparent: `00-${traceId}-00000000000000ab-01` })).status).toBe(200);
    expect(await cluster.end('api')).toBe(0);
    const found = async (path: string, text: string): Promise<void> =>
      vi.waitFor(async () => expect(JSON.stringify(await askStack(path))).toContain(text), {
        timeout: 60_000,
      });
    await found(`/api/traces/${traceId}`, '"k8s.namespace.name"');
    await found('/api/v1/query?query=http_server_request_duration_seconds_count', '"/api/login"');
    const range = `start=${Date.now() - 600_000}000000`;
    await found(`/loki/api/v1/query_range?query=%7Bservice_name%3D%22board-api%22%7D&${range}`, traceId);
    const after = await ledger();
    expect([after.balanced, counts(after, 'rejected')]).toEqual([true, counts(before, 'rejected')]);
  }, 90_000);
});
