import { setTimeout as delay } from 'node:timers/promises';
import { type Store, sql } from '@maru/store';
import { openTestStore, type TestStore } from '@maru/testkit/queries';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Packing, packingText } from './packing.ts';

let own: TestStore;
let packing: Packing | undefined;
const reports: string[] = [];

beforeEach(() => {
  own = openTestStore();
  reports.length = 0;
});
afterEach(async () => {
  await packing?.close();
  await own.close();
});

function startPacking(intervalMs: number): Packing {
  packing = new Packing({
    databases: async () => new Map([['', own.store]]),
    intervalMs,
    isBusy: () => false,
    report: (sentence) => reports.push(sentence),
  });
  return packing;
}

function addSamples({ write }: Store, count: number): Promise<void> {
  return write(sql`INSERT INTO number_points (metric_name, series_id, time, start_time, value, flags)
    SELECT 'm', number % 10, fromUnixTimestamp64Milli(toInt64(intDiv(number, 10) * 15000), 'UTC'), 0, number, 0
    FROM numbers(${count})`);
}

async function until(isSo: () => boolean): Promise<void> {
  const end = performance.now() + 60_000;
  while (!isSo()) {
    if (performance.now() > end) throw new Error('it did not come to be so within 60 s');
    await delay(10);
  }
}

test('what waits is packed, and counted', async () => {
  await addSamples(own.store, 1000);
  const { totals } = startPacking(20);
  expect(totals).toMatchObject({ rounds: 0, samples: 0 });
  await until(() => packing?.totals.samples === 1000 && packing.totals.waiting === 0);
  const text = packingText(packing?.totals ?? totals);
  expect(text).toContain('maru_packing_samples_total 1000\n');
  expect(text).toContain('maru_packing_waiting_samples 0\n');
  expect(text).toContain('maru_packing_failures_total 0\n');
  expect(reports).toEqual([]);
});

test('what a process left half done is finished before the next round is due', async () => {
  await addSamples(own.store, 1000);
  const stopped = new AbortController();
  const round = own.store.chunks?.pack({ signal: stopped.signal, reached: () => stopped.abort() });
  await expect(round).rejects.toMatchObject({ name: 'AbortError' });
  await addSamples(own.store, 20);
  startPacking(3_600_000);
  await packing?.look();
  expect(packing?.totals).toMatchObject({ rounds: 0, samples: 1000 });
});

test('with an interval of 0 nothing is packed', async () => {
  await addSamples(own.store, 10);
  startPacking(0);
  await packing?.close();
  expect(await own.store.chunks?.waiting()).toBe(10);
});

test('a round that fails is told in a sentence, and tried again', async () => {
  await addSamples(own.store, 10);
  await own.store.write(sql`RENAME TABLE number_chunks TO number_chunks_away`);
  startPacking(20);
  await until(() => reports.length > 0);
  expect(reports[0]).toMatch(
    /^cannot pack the samples of metrics: .*; they stay as they are until the next round$/s,
  );
  await own.store.write(sql`RENAME TABLE number_chunks_away TO number_chunks`);
  await until(() => packing?.totals.samples === 10);
});
