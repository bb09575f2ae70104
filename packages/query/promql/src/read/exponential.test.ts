import { sql } from '@maru/store';
import { openTestStore, type TestStore } from '@maru/testkit/queries';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPromqlEngine, type PromqlEngine } from '../engine.ts';
import type { ResultSeries } from '../result.ts';

let test: TestStore;
let engine: PromqlEngine;

beforeAll(async () => {
  test = openTestStore();
  engine = createPromqlEngine(test.store.reader);
  await addSeries(1, 'latency', 'cumulative');
  await addSeries(2, 'size', 'delta');
  for (const [minute, count] of [1, 2, 3, 4].entries()) {
    await addPoint(1, 'latency', minute, count, 0);
    await addPoint(2, 'size', minute, 3, 0);
  }
  await addSeries(3, 'fine', 'cumulative');
  await addPoint(3, 'fine', 0, 1, 10);
  await addSeries(4, 'coarse', 'cumulative');
  await addPoint(4, 'coarse', 0, 1, -5);
});

afterAll(() => test.close());

async function addSeries(id: number, name: string, temporality: string): Promise<void> {
  await test.store.write(
    sql`INSERT INTO metric_series (metric_name, series_id, metric_type, temporality, prometheus_name, labels)
      SELECT ${name}, ${id}, 'exponential_histogram', ${temporality}, ${name}, map('job', 'a')`,
  );
}

/** `count` observations in each of two buckets that end at 2 and 4 (at scale 0). */
async function addPoint(
  id: number,
  name: string,
  minute: number,
  count: number,
  scale: number,
): Promise<void> {
  await test.store.write(
    sql`INSERT INTO exponential_histogram_points
        (metric_name, series_id, time, count, sum, scale, positive_offset, positive_counts)
      SELECT ${name}, ${id}, fromUnixTimestamp64Milli(CAST(${minute * 60_000}, 'Int64'), 'UTC'), ${2 * count},
        ${6 * count}, ${scale}, 0, [${count}, ${count}]`,
  );
}

async function only(query: string, timeMs: number): Promise<ResultSeries | undefined> {
  const { value } = await engine.instant(query, timeMs);
  return value.type === 'vector' ? value.series[0] : undefined;
}

describe('OTLP exponential histograms as native histograms', () => {
  it('have buckets one index further on than in OTLP', async () => {
    const series = await only('latency', 60_000);
    const histogram = series?.histograms?.samples[0];
    expect(histogram).toMatchObject({ schema: 0, count: 4, sum: 12 });
    expect([...(histogram?.positive.indexes ?? [])]).toEqual([1, 2]);
    expect([...(histogram?.positive.counts ?? [])]).toEqual([2, 2]);
  });

  it('answer quantiles and rates', async () => {
    expect((await only('histogram_quantile(1, latency)', 60_000))?.values[0]).toBe(4);
    expect((await only('histogram_count(increase(latency[2m]))', 180_000))?.values[0]).toBeCloseTo(4);
  });

  it('of delta temporality are added up over the range', async () => {
    expect((await only('histogram_count(increase(size[2m]))', 180_000))?.values[0]).toBe(12);
    expect((await only('histogram_sum(rate(size[2m]))', 180_000))?.values[0]).toBeCloseTo(36 / 120);
  });

  it('finer than Prometheus has them are joined to its finest schema', async () => {
    expect((await only('fine', 0))?.histograms?.samples[0]).toMatchObject({ schema: 8, count: 2 });
  });

  it('coarser than Prometheus has them are refused, not left out', async () => {
    await expect(engine.instant('coarse', 0)).rejects.toThrow(
      'an exponential histogram of scale -5 is too coarse',
    );
  });
});
