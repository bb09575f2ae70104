import { createQueryCapacity } from '@maru/query-core';
import { sql } from '@maru/store';
import { openTestStore, type TestStore } from '@maru/testkit/queries';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createPromqlEngine } from '../engine.ts';

// Numbers come as rows of the table's parts, in slices; series are put together from what they find. These tests lay
// samples out in many parts, out of order and twice, and ask for them through the engine.

let own: TestStore;

beforeAll(async () => {
  own = openTestStore();
  await own.store.write(sql`SYSTEM STOP MERGES number_points`);
});
afterAll(() => own.close());

const stepMs = 15_000;

async function addSeries(name: string, count: number, scopes = 1): Promise<void> {
  await own.store.write(sql`INSERT INTO metric_series (metric_name, series_id, metric_type, prometheus_name, labels, scope_name)
    SELECT ${name}, cityHash64(${name}, number), 'gauge', ${name},
      map('instance', concat('i', toString(intDiv(number, ${scopes})))), concat('scope ', toString(number % ${scopes}))
    FROM numbers(${count * scopes})`);
}

/** Samples of all series with numbers from `from` up to `to`: the value is the sample's number; one part a call. */
async function addSamples(name: string, count: number, from: number, to: number, flags = 0): Promise<void> {
  const samples = to - from;
  await own.store.write(sql`INSERT INTO number_points (metric_name, series_id, time, start_time, value, flags)
    SELECT ${name}, cityHash64(${name}, number % ${count}),
      fromUnixTimestamp64Milli(toInt64((${from} + intDiv(number, ${count})) * ${stepMs}), 'UTC'), 0,
      ${from} + intDiv(number, ${count}), ${flags}
    FROM numbers(${count * samples})`);
}

/** The samples of a range vector by instance. */
async function samplesOf(query: string, atSample: number): Promise<ReadonlyMap<string, readonly number[]>> {
  const { value } = await createPromqlEngine(own.store.reader).instant(query, atSample * stepMs);
  if (value.type !== 'matrix' && value.type !== 'vector') throw new TypeError(`got a ${value.type}`);
  return new Map(value.series.map(({ labels, values }) => [labels.get('instance') ?? '', [...values]]));
}

const upTo = (count: number) => Array.from({ length: count }, (_, index) => index);

test('a series is whole and in order though it lies in parts that were written in any order', async () => {
  await addSeries('parted', 3);
  for (const from of [20, 0, 30, 10]) await addSamples('parted', 3, from, from + 10);
  const samples = await samplesOf('parted[1h]', 39);
  expect(samples).toEqual(new Map(['i0', 'i1', 'i2'].map((instance) => [instance, upTo(40)])));
});

test('a sample that came late and one that came twice each count once', async () => {
  await addSeries('late', 1);
  await addSamples('late', 1, 0, 5);
  await addSamples('late', 1, 6, 10);
  await addSamples('late', 1, 4, 8);
  expect((await samplesOf('late[1h]', 9)).get('i0')).toEqual(upTo(10));
});

test('a stale marker in a part of its own ends the series', async () => {
  await addSeries('ended', 2);
  await addSamples('ended', 2, 0, 5);
  await addSamples('ended', 1, 5, 6, 1);
  expect([...(await samplesOf('ended', 5)).keys()]).toEqual(['i1']);
  expect((await samplesOf('ended[1h]', 5)).get('i0')).toEqual(upTo(5));
});

test('stored series that differ in what is no label are one series', async () => {
  await addSeries('scoped', 2, 2);
  await addSamples('scoped', 4, 0, 10);
  const samples = await samplesOf('scoped[1h]', 9);
  expect(samples).toEqual(new Map(['i0', 'i1'].map((instance) => [instance, upTo(10)])));
});

test('more series than one statement can name are found by pattern and by name alike', async () => {
  const count = 4500;
  await addSeries('many', count);
  await addSamples('many', count, 0, 4);
  for (const query of ['many', 'many{instance=~"i.+"}']) {
    const samples = await samplesOf(query, 3);
    expect(samples.size).toBe(count);
    expect(new Set([...samples.values()].flat())).toEqual(new Set([3]));
  }
  const sum = await createPromqlEngine(own.store.reader).range('sum(increase(many[1m]))', {
    startMs: 3 * stepMs,
    endMs: 3 * stepMs,
    stepMs,
  });
  expect(sum.value).toMatchObject({ series: [{ values: Float64Array.of(count * 3) }] });
});

test('more samples than the limit are refused in the words of Prometheus', async () => {
  const capacity = createQueryCapacity({ maxSamples: 1000 });
  const engine = createPromqlEngine(own.store.reader, { capacity });
  await expect(engine.instant('many', 3 * stepMs)).rejects.toMatchObject({
    kind: 'execution',
    message: 'query processing would load too many samples into memory in query execution',
  });
});
