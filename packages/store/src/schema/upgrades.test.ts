import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  concat,
  doubleField,
  fixed64Field,
  lengthDelimited,
  noKinds,
  stringField,
  varint,
  zigzagField,
} from '@maru/otlp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openStore, type Segment, type Store, sql } from '../index.ts';

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'maru-upgrade-'));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

function open(): Store {
  return openStore({ directory: join(directory, 'engine'), memoryBytes: 512 * 1024 * 1024 });
}

/** The table of series as stores had it before native histograms were a kind of their own, with one series in it. */
async function makeOld(store: Store): Promise<void> {
  await store.write(sql`ALTER TABLE metric_series MODIFY COLUMN metric_type SimpleAggregateFunction(any,
    Enum8('gauge' = 5, 'sum' = 7, 'histogram' = 9, 'exponential_histogram' = 10, 'summary' = 11))`);
  await store.write(sql`DROP TABLE native_histogram_points`);
  await store.write(sql`INSERT INTO metric_series (metric_name, series_id, metric_type, prometheus_name)
    VALUES ('old', 1, 'summary', 'old')`);
}

function nativeSegment(): Segment {
  const bucket = (index: number, count: number): Uint8Array =>
    lengthDelimited(8, zigzagField(1, index), doubleField(2, count));
  const point = lengthDelimited(
    1,
    fixed64Field(3, 1_780_000_000_000_000_000n),
    doubleField(4, 1.5),
    bucket(3, 1),
    bucket(-2, 0.5),
  );
  const metric = lengthDelimited(2, stringField(1, 'new'), lengthDelimited(29, point));
  const message = concat(
    lengthDelimited(1, lengthDelimited(2, metric)),
    fixed64Field(1001, 1_780_000_000_000_000_000n),
  );
  const path = join(directory, 'native');
  writeFileSync(path, concat(varint(message.length), message));
  return { signal: 'metrics', path, token: 'metrics/native', kinds: { ...noKinds, nativeHistogram: 1 } };
}

test('a store of an earlier version keeps its series and takes native histograms', {
  timeout: 60_000,
}, async () => {
  const old = open();
  await makeOld(old);
  await old.close();
  const store = open();
  await store.loader.load(nativeSegment());
  const rows = await store.reader.rows(sql`
    SELECT prometheus_name AS name, toString(metric_type) AS type FROM metric_series ORDER BY name`);
  expect(rows).toEqual([
    { name: 'new', type: 'native_histogram' },
    { name: 'old', type: 'summary' },
  ]);
  const points = await store.reader.rows(sql`
    SELECT count, positive_indexes, positive_counts FROM native_histogram_points`);
  expect(points).toEqual([{ count: 1.5, positive_indexes: [-2, 3], positive_counts: [0.5, 1] }]);
  await store.close();
});
