import { type ManySeries, manySeriesMetric, manySeriesRequests, RunningStack } from '@maru/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventually, getJson } from '../support/query.ts';

// A hundred thousand active series through the door: names, values and selectors are answered, a query may not select them
// all when it is told so, and series beyond the limit are rejected, said so, and accounted for.

const series: ManySeries = { count: 100_000, metrics: 10 };
const perMetric = series.count / series.metrics;
const metric = manySeriesMetric(3);

let stack: RunningStack;

beforeAll(async () => {
  stack = await RunningStack.start({
    settings: {
      maxActiveSeries: series.count,
      query: { concurrency: 20, maxSeries: 50_000, ...otherLimits },
    },
  });
  for (const request of manySeriesRequests(series, BigInt(Date.now()) * 1_000_000n)) {
    expect((await post(request)).byteLength, 'all of a request is taken').toBe(0);
  }
  await eventually('every sample', async () =>
    Number((await ledger()).signals.metrics.stored) === series.count ? true : undefined,
  );
}, 300_000);
afterAll(() => stack?.stop());

const otherLimits = { maxSamples: 50_000_000, timeoutSeconds: 120, maxMemoryBytes: 1024 * 1024 * 1024 };

async function post(request: Uint8Array): Promise<ArrayBuffer> {
  const response = await fetch(`${stack.otlpHttpUrl}/v1/metrics`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-protobuf' },
    body: Uint8Array.from(request),
  });
  expect(response.status).toBe(200);
  return response.arrayBuffer();
}

interface Ledger {
  readonly signals: { readonly metrics: { readonly stored: string; readonly rejected: string } };
  readonly rejections: readonly { readonly reason: string; readonly detail: string }[];
  readonly balanced: boolean;
}

function ledger(): Promise<Ledger> {
  return getJson<Ledger>(`${stack.queryUrl}/api/ledger`);
}

async function list(path: string): Promise<readonly string[]> {
  return (await getJson<{ data: readonly string[] }>(`${stack.queryUrl}/api/v1/${path}`)).data;
}

interface Vector {
  readonly data: { readonly result: readonly { readonly value: readonly [number, string] }[] };
}

async function query(text: string): Promise<Vector['data']['result']> {
  const answer = await getJson<Vector>(
    `${stack.queryUrl}/api/v1/query?${new URLSearchParams({ query: text })}`,
  );
  return answer.data.result;
}

test('names and values of labels are listed', async () => {
  expect(await list('labels')).toEqual(expect.arrayContaining(['__name__', 'code', 'instance', 'job']));
  expect(await list('label/__name__/values')).toHaveLength(series.metrics);
  expect(await list('label/code/values')).toEqual(['200', '210', '220', '230', '240']);
  expect(await list(`label/instance/values?match[]=${metric}`)).toHaveLength(perMetric);
});

test('a hundred series are selected among all, by metric and by label alone', async () => {
  expect(await query(`${metric}{instance=~"i00000[0-9]{2}"}`)).toHaveLength(100);
  expect(await query('{instance="i0000007"}')).toHaveLength(series.metrics);
});

test('all series of a metric are counted', async () => {
  const counts = await query(`count by (code) (${metric})`);
  expect(counts.map(({ value }) => value[1])).toEqual(new Array(5).fill(String(perMetric / 5)));
});

test('a query that selects more than it may is refused with the limit', async () => {
  const refused = query('count({__name__=~".+"})');
  await expect(refused).rejects.toThrow('the query selects more than 50000 series, which is the limit');
});

test('series beyond the limit are rejected, in the answer and in the ledger', async () => {
  const more = { count: series.count + perMetric, metrics: series.metrics + 1 };
  const now = BigInt(Date.now()) * 1_000_000n;
  const fresh = manySeriesRequests(more, now, series.count, series.count + 1000);
  const answers = [];
  for (const request of fresh) answers.push(Buffer.from(await post(request)).toString('latin1'));
  expect(answers.join()).toContain('is of a new series where there may be no more: raise max_active_series');
  const { signals, rejections, balanced } = await ledger();
  // The door knows series by 32 bits: one or two of a hundred thousand pass for others.
  expect(Number(signals.metrics.rejected)).toBeGreaterThan(990);
  expect(rejections).toMatchObject([{ reason: 'series_limit' }]);
  expect(balanced).toBe(true);
});

test('series that are active go on', async () => {
  for (const request of manySeriesRequests(series, BigInt(Date.now()) * 1_000_000n, 0, 5000)) {
    expect((await post(request)).byteLength).toBe(0);
  }
});
