import { parseConfig } from '@maru/server/config';
import { RunningStack } from '@maru/testkit';
import { type PeerPrometheus, startPeerPrometheus } from '@maru/testkit/queries';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { eventually, getJson } from '../support/query.ts';
import { everyKind } from './every-kind.ts';

// Forwarding by remote write (2.0 to a Prometheus 3, 1.0 to one before): what queries show at a real Prometheus and at another Maru is what they show here.

const steps = 4;
const stepSeconds = 15;
const endSeconds = Math.floor(Date.now() / 1000) - 30;

interface Series {
  readonly metric: Readonly<Record<string, string>>;
  readonly values?: readonly (readonly [number, string])[];
}

let prometheus: PeerPrometheus;
let there: RunningStack;
let here: RunningStack;

beforeAll(async () => {
  prometheus = await startPeerPrometheus('', ['native-histograms', 'exemplar-storage']);
  there = await RunningStack.start();
  const config = `
forward:
  to:
    prometheus:
      endpoint: ${prometheus.url}/api/v1/write
      protocol: remote_write
      remote_write: { version: ${prometheus.isModern ? 2 : 1} }
      batch: { wait: 10ms }
    maru:
      endpoint: ${there.otlpHttpUrl}/api/v1/write
      protocol: remote_write
      remote_write: { version: 2 }
      batch: { wait: 10ms }`;
  const { forward } = parseConfig(config, 'maru.yaml');
  here = await RunningStack.start({ settings: { forward } });
  for (let step = 0; step < steps; step += 1) {
    for (const instance of ['a', 'b']) await send(everyKind(instance, step, timeNanos(step)));
  }
  for (const name of ['prometheus', 'maru']) await forwarded(name);
  for (const stack of [here, there]) await stored(stack);
}, 120_000);

afterAll(async () => {
  await here?.stop();
  await there?.stop();
  await prometheus?.stop();
});

function timeNanos(step: number): bigint {
  return BigInt(endSeconds - (steps - 1 - step) * stepSeconds) * 1_000_000_000n;
}

async function send(body: Uint8Array): Promise<void> {
  const response = await fetch(`${here.otlpHttpUrl}/v1/metrics`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-protobuf' },
    body: Uint8Array.from(body),
  });
  expect(response.status).toBe(200);
  expect(await response.arrayBuffer()).toHaveProperty('byteLength', 0);
}

interface Counts {
  readonly offered: string;
  readonly forwarded: string;
  readonly waiting: string;
  readonly rejected: string;
  readonly dropped: string;
}

async function countsOf(name: string): Promise<Counts | undefined> {
  const ledger = await getJson<{
    destinations: Record<string, { signals: { metrics?: Counts } }>;
  }>(`${here.queryUrl}/api/ledger`);
  return ledger.destinations[name]?.signals.metrics;
}

const points = 2 * steps * 11;

function forwarded(name: string): Promise<Counts> {
  return eventually(`everything forwarded to ${name}`, async () => {
    const counts = await countsOf(name);
    return counts?.offered === String(points) && counts.waiting === '0' ? counts : undefined;
  });
}

async function query(url: string, text: string): Promise<readonly Series[]> {
  const parameters = new URLSearchParams({ query: text, time: String(endSeconds + 1) });
  const { data } = await getJson<{ data: { result: readonly Series[] } }>(
    `${url}/api/v1/query?${parameters}`,
  );
  return data.result.toSorted((left, right) => Buffer.compare(keyOf(left), keyOf(right)));
}

function keyOf({ metric }: Series): Buffer {
  return Buffer.from(JSON.stringify(Object.entries(metric).toSorted()));
}

/** Resolves when the store of a Maru has all that came. */
async function stored(stack: RunningStack): Promise<void> {
  await eventually('everything stored', async () => {
    const { signals } = await getJson<{ signals: { metrics: { waiting: string } } }>(
      `${stack.queryUrl}/api/ledger`,
    );
    return signals.metrics.waiting === '0' ? true : undefined;
  });
}

const everything = '{__name__=~".+", __name__!="target_info"}[10m]';

test('a real Prometheus shows the same numbers, histograms and summaries under the same names and labels', async () => {
  const own = await query(here.queryUrl, everything);
  const numbers = own.filter(({ values, metric }) => values !== undefined && metric.__name__ !== 'jobs_done');
  expect(new Set(numbers.map(({ metric }) => metric.__name__))).toEqual(
    new Set([
      'process_memory_usage_bytes',
      'cpu_share_ratio',
      'http_requests_total',
      'queue_length',
      'http_duration_seconds_bucket',
      'http_duration_seconds_count',
      'http_duration_seconds_sum',
      'rpc_duration_milliseconds',
      'rpc_duration_milliseconds_count',
      'rpc_duration_milliseconds_sum',
    ]),
  );
  const found = await query(prometheus.url, everything);
  expect(found.filter(({ values }) => values !== undefined)).toEqual(numbers);
});

test('another Maru shows the same', async () => {
  const own = await query(here.queryUrl, everything);
  expect(await query(there.queryUrl, everything)).toEqual(
    own.filter(({ metric }) => metric.__name__ !== 'jobs_done'),
  );
});

/** Bounds of buckets come by different ways to the same number, but for its last digits. */
function rounded(series: readonly Series[]): unknown {
  return JSON.parse(JSON.stringify(series), (_, value: unknown) =>
    typeof value === 'string' && /^-?[\d.]+$/.test(value) ? Number(value).toPrecision(12) : value,
  );
}

describe.each([
  ['a real Prometheus', () => prometheus.url],
  ['another Maru', () => there.queryUrl],
])('%s', (_, url) => {
  test.each([
    'histogram_count(http_size_kibibytes_per_second)',
    'histogram_sum(http_size_kibibytes_per_second)',
    'http_size_kibibytes_per_second',
    'rate(http_size_kibibytes_per_second[1m])',
  ])('has native histograms: %s', async (text) => {
    const own = await query(here.queryUrl, text);
    expect(own).toHaveLength(2);
    expect(rounded(await query(url(), text))).toEqual(rounded(own));
  });

  test('knows what has ended', async () => {
    const gone = 'queue_length{gone="true"}';
    expect(await query(url(), gone)).toEqual([]);
    expect(await query(url(), `last_over_time(${gone}[10m])`)).toHaveLength(2);
  });

  test('knows all of each resource by target_info', async () => {
    expect((await query(url(), 'target_info')).map(({ metric }) => metric)).toEqual(
      ['a', 'b'].map((instance) => ({
        __name__: 'target_info',
        instance,
        job: 'team/shop',
        k8s_pod_name: `pod-${instance}`,
        os_type: 'linux',
      })),
    );
  });

  test('has the exemplars', async () => {
    const parameters = new URLSearchParams({
      query: 'http_requests_total',
      start: String(endSeconds - 600),
      end: String(endSeconds + 1),
    });
    const found = await getJson<{ data: readonly { exemplars: readonly { labels: object }[] }[] }>(
      `${url()}/api/v1/query_exemplars?${parameters}`,
    );
    expect(found.data).toHaveLength(2);
    expect(found.data[0]?.exemplars.at(-1)?.labels).toMatchObject({
      trace_id: '0102030405060708090a0b0c0d0e0f10',
      span_id: '0102030405060708',
    });
  });
});

test('the ledger tells what remote write has no place for', async () => {
  for (const name of ['prometheus', 'maru']) {
    expect(await countsOf(name)).toMatchObject({
      forwarded: String(points - 2 * steps),
      rejected: '0',
      dropped: String(2 * steps),
    });
  }
});
