import { join } from 'node:path';
import { openStore, sql } from '@maru/store';
import { RunningStack } from '@maru/testkit';
import { AggregationType, MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { eventually, getJson, prometheusSeries } from '../support/query.ts';
import { expectedLabels, resource, scope, serviceOf } from './resource.ts';
import { senders } from './senders.ts';

// What the SDK's instruments recorded against what Prometheus's API returns, label by label, for each way to send it.
let stack: RunningStack;
beforeAll(async () => {
  stack = await RunningStack.start();
});
afterAll(() => stack.stop());

describe.each(senders)('over %s', (protocol, { metrics }) => {
  beforeAll(async () => {
    const reader = new PeriodicExportingMetricReader({
      exporter: metrics(stack),
      exportIntervalMillis: 60_000,
    });
    const provider = new MeterProvider({
      resource: resource(protocol),
      readers: [reader],
      views: [
        {
          instrumentName: 'board.wait',
          aggregation: { type: AggregationType.EXPONENTIAL_HISTOGRAM, options: { maxSize: 4 } },
        },
      ],
    });
    record(provider);
    await provider.shutdown();
  });

  test('a counter', async () => {
    expect(await valuesOf('board_logins_total')).toEqual([[{ result: 'ok', attempt: '1' }, '2']]);
  });

  test('an up-down counter and a gauge', async () => {
    expect(await valuesOf('board_open')).toEqual([[{}, '-3']]);
    expect(await valuesOf('board_temperature_celsius')).toEqual([[{}, '36.5']]);
  });

  test('a histogram', async () => {
    expect(await valuesOf('http_server_request_duration_seconds_bucket')).toEqual([
      [{ le: '0.1' }, '1'],
      [{ le: '1' }, '2'],
      [{ le: '+Inf' }, '3'],
    ]);
    expect(await valuesOf('http_server_request_duration_seconds_sum')).toEqual([[{}, '5.3']]);
    expect(await valuesOf('http_server_request_duration_seconds_count')).toEqual([[{}, '3']]);
  });

  /** The series of this protocol's resource: what distinguishes them, and their values. */
  async function valuesOf(name: string): Promise<readonly (readonly [object, string])[]> {
    const found = await prometheusSeries(stack.queryUrl, `${name}{job="${serviceOf(protocol)}"}`);
    return found.map(({ metric, value }) => {
      const { __name__, ...labels } = metric;
      expect(__name__).toBe(name);
      expect(labels).toMatchObject(expectedLabels(protocol));
      const common = new Set(Object.keys(expectedLabels(protocol)));
      return [Object.fromEntries(Object.entries(labels).filter(([label]) => !common.has(label))), value[1]];
    });
  }
});

function record(provider: MeterProvider): void {
  const meter = provider.getMeter(scope.name, scope.version);
  meter
    .createCounter('board.logins', { description: 'Logins', unit: '{login}' })
    .add(2, { result: 'ok', attempt: 1 });
  meter.createUpDownCounter('board.open').add(-3);
  meter.createGauge('board.temperature', { unit: 'Cel' }).record(36.5);
  const duration = meter.createHistogram('http.server.request.duration', {
    unit: 's',
    advice: { explicitBucketBoundaries: [0.1, 1] },
  });
  for (const seconds of [0.25, 5, 0.05]) duration.record(seconds);
  const wait = meter.createHistogram('board.wait');
  for (const value of [0, 1, 4]) wait.record(value);
}

test('type, help and unit', async () => {
  const { data } = await getJson<{ data: Readonly<Record<string, unknown>> }>(
    `${stack.queryUrl}/api/v1/metadata`,
  );
  expect(data).toMatchObject({
    board_logins_total: [{ type: 'counter', help: 'Logins' }],
    board_open: [{ type: 'gauge' }],
    board_temperature_celsius: [{ type: 'gauge', unit: 'celsius' }],
    http_server_request_duration_seconds: [{ type: 'histogram', unit: 'seconds' }],
    board_wait: [{ type: 'histogram' }],
  });
});

// Last, because it stops the stack: exponential histograms are read from the engine's own files.
test('exponential histograms are stored with every bucket', async () => {
  await eventually('the end of loading', async () => {
    const { signals } = await getJson<{ signals: { metrics: { waiting: string } } }>(
      `${stack.queryUrl}/api/ledger`,
    );
    return signals.metrics.waiting === '0' ? true : undefined;
  });
  await stack.stopProcesses();
  const store = openStore({ directory: join(stack.dataDir, 'engine'), memoryBytes: 512 * 1024 * 1024 });
  try {
    const rows = await store.reader.rows(sql`
      SELECT toString(count) AS count, sum, min, max, scale, toString(zero_count) AS zero_count, positive_offset,
        arrayMap(c -> toString(c), positive_counts) AS positive_counts
      FROM exponential_histogram_points`);
    // With four buckets the SDK's scale for 1 and 4 is 0, whose bucket i is (2^i, 2^(i+1)].
    const expected = {
      count: '3',
      sum: 5,
      min: 0,
      max: 4,
      scale: 0,
      zero_count: '1',
      positive_offset: -1,
      positive_counts: ['1', '0', '1'],
    };
    expect(rows).toEqual(senders.map(() => expected));
  } finally {
    await store.close();
  }
});
