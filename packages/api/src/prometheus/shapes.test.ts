import { execFile, spawnSync } from 'node:child_process';
import { promisify } from 'node:util';
import { sql } from '@maru/store';
import { loadPromqlSeries, openTestStore, type TestStore } from '@maru/testkit/queries';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ServedApi, serveApi } from '../served-api.fixture.ts';
import { type Endpoint, expectShape } from './schemas.fixture.ts';

let test: TestStore;
let api: ServedApi;

beforeAll(async () => {
  test = openTestStore();
  await loadPromqlSeries(
    `load 1m
       requests_total{job="a", code="200"} 0+60x10
       requests_total{job="b", code="200"} 1 NaN Inf -Inf -0 1e-7 1e21 1.5e300`,
    test.store,
  );
  await addNativeHistograms();
  api = await serveApi(test.store.reader);
});

afterAll(async () => {
  await api.close();
  await test.close();
});

/** One exponential histogram at scale 0 with a zero bucket and both signs, and one without observations. */
async function addNativeHistograms(): Promise<void> {
  await test.store.write(
    sql`INSERT INTO metric_series (metric_name, series_id, metric_type, temporality, prometheus_name, labels)
      SELECT 'latency', 90, 'exponential_histogram', 'cumulative', 'latency', map('job', 'a')
      UNION ALL SELECT 'idle', 91, 'exponential_histogram', 'cumulative', 'idle', map()`,
  );
  await test.store.write(
    sql`INSERT INTO exponential_histogram_points (metric_name, series_id, time, count, sum, scale, zero_count,
        zero_threshold, positive_offset, positive_counts, negative_offset, negative_counts)
      SELECT 'latency', 90, fromUnixTimestamp64Milli(CAST(60000, 'Int64'), 'UTC'), 10, 12.5, 0, 2, 0.001, 0, [3, 0, 4], 0, [1]
      UNION ALL SELECT 'idle', 91, fromUnixTimestamp64Milli(CAST(60000, 'Int64'), 'UTC'), 0, 0, 0, 0, 0, 0, [], 0, []`,
  );
}

describe('every answer has the shape that clients rely on', () => {
  const query = (text: string): string => `query=${encodeURIComponent(text)}`;
  const cases: readonly (readonly [Endpoint, string])[] = [
    ['query', `query?${query('1 + 1')}`],
    ['query', `query?${query('"text"')}`],
    ['query', `query?time=240&${query('requests_total')}`],
    ['query', `query?time=600&${query('requests_total[10m]')}`],
    ['query', `query?time=60&${query('{__name__=~"latency|idle|requests_total"}')}`],
    ['query', `query?time=60&${query('none')}`],
    ['query', `query?time=600&${query('rate(requests_total[5m]) + quantile(2, requests_total)')}`],
    ['query_range', `query_range?start=0&end=600&step=60&${query('requests_total')}`],
    ['query_range', `query_range?start=0&end=600&step=60&${query('{__name__=~"latency|requests_total"}')}`],
    ['query_range', `query_range?start=0&end=600&step=60&${query('1')}`],
    ['labels', 'labels'],
    ['label/values', 'label/job/values'],
    ['label/values', 'label/none/values'],
    ['series', 'series?match[]=requests_total'],
    ['metadata', 'metadata'],
    ['query_exemplars', `query_exemplars?start=0&end=600&${query('requests_total')}`],
    ['format_query', `format_query?${query('a+b')}`],
    ['parse_query', `parse_query?${query('a+b')}`],
    ['rules', 'rules'],
    ['alerts', 'alerts'],
    ['targets', 'targets'],
    ['status/buildinfo', 'status/buildinfo'],
    ['status/tsdb', 'status/tsdb'],
  ];

  it.each(cases)('%s: %s', async (endpoint, path) => {
    const { status, body } = await api.json(`/api/v1/${path}`);
    expect(status).toBe(200);
    expectShape(endpoint, body);
  });

  it.each([
    'query?query=1%2B',
    'query?query=a&time=noon',
    'query?query=a&timeout=0',
    'query?query=a*on()b%2Blabel_replace(a,"x","y","z","(")',
    'query_range?query=1&start=0&end=1&step=0',
    'series',
    'label/U__/values?limit=x',
  ])('error: %s', async (path) => {
    const { status, body } = await api.json(`/api/v1/${path}`);
    expect(status).toBeGreaterThanOrEqual(400);
    expectShape('error', body);
  });
});

describe('native histograms over HTTP', () => {
  it('stand beside the metric, with the buckets that hold something', async () => {
    const { body } = await api.json('/api/v1/query?query=latency&time=90');
    const buckets = [
      [1, '-2', '-1', '1'],
      [3, '-0.001', '0.001', '2'],
      [0, '1', '2', '3'],
      [0, '4', '8', '4'],
    ];
    expect(body.data.result).toEqual([
      {
        metric: { __name__: 'latency', job: 'a' },
        histogram: [90, { count: '10', sum: '12.5', buckets }],
      },
    ]);
  });

  it('of nothing have no buckets', async () => {
    const { body } = await api.json('/api/v1/query?query=idle&time=90');
    expect(body.data.result[0].histogram).toEqual([90, { count: '0', sum: '0' }]);
  });

  it('are their own list over a range', async () => {
    const { body } = await api.json('/api/v1/query_range?query=latency&start=0&end=120&step=60');
    const [series] = body.data.result;
    expect(series.values).toBeUndefined();
    expect(series.histograms.map(([time]: [number]) => time)).toEqual([60, 120]);
  });
});

const promtool = spawnSync('promtool', ['--version']).status === 0;

describe.skipIf(!promtool)(`promtool ${promtool ? 'as a client' : 'is not on the PATH: skipped'}`, () => {
  const run = async (...args: readonly string[]): Promise<string> =>
    (await promisify(execFile)('promtool', ['query', ...args])).stdout;

  it('asks for one moment', async () => {
    expect(await run('instant', '--time=240', api.url, 'requests_total{job="a"}')).toBe(
      'requests_total{code="200", job="a"} => 240 @[240]\n',
    );
  });

  it('asks for a range', async () => {
    const text = await run(
      'range',
      '--start=60',
      '--end=180',
      '--step=60s',
      api.url,
      'sum(requests_total{job="a"})',
    );
    expect(text).toBe('{} =>\n60 @[60]\n120 @[120]\n180 @[180]\n');
  });

  it('asks for labels', async () => {
    expect((await run('labels', '--start=0', '--end=600', api.url, 'job')).trim().split('\n')).toEqual([
      'a',
      'b',
    ]);
  });

  it('asks for series', async () => {
    const text = await run('series', '--match=requests_total', '--start=0', '--end=600', api.url);
    expect(text.trim().split('\n')).toEqual([
      '{__name__="requests_total", code="200", job="a"}',
      '{__name__="requests_total", code="200", job="b"}',
    ]);
  });
});
