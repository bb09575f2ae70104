import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { decodeNative } from '../native/decode.ts';
import type { Columns } from '../reader.ts';
import { sql } from '../sql.ts';
import { type Database, openStore, type Store } from '../store.ts';
import { type KeptLimits, KeptResults, type ReadResult } from './kept-results.ts';

let directory: string;
let store: Store;

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'maru-kept-'));
  store = openStore({ directory: join(directory, 'engine'), memoryBytes: 512 * 1024 * 1024 });
});
afterAll(async () => {
  await store.close();
  rmSync(directory, { recursive: true, force: true });
});

const names = sql`SELECT CAST(metric_name, 'String') AS name FROM metric_series ORDER BY name`;

function writeSeries({ write }: Database, name: string): Promise<void> {
  return write(
    sql`INSERT INTO metric_series (metric_name, prometheus_name, series_id) VALUES (${name}, ${name}, 1)`,
  );
}

function read({ reader }: Database): Promise<Columns> {
  return reader.columns(names, { of: 'series' });
}

function namesOf(columns: Columns): readonly string[] {
  const column = columns.column('name');
  return column.kind === 'string' ? column.values : [];
}

test('a result of series is kept until series are written, each database by itself', async () => {
  const other = await store.database('other');
  await writeSeries(store, 'one');
  await writeSeries(other, 'apart');
  const first = await read(store);
  expect(await read(store)).toBe(first);
  const apart = await read(other);
  expect([namesOf(first), namesOf(apart)]).toEqual([['one'], ['apart']]);
  await writeSeries(store, 'two');
  expect(namesOf(await read(store))).toEqual(['one', 'two']);
  expect(await read(other)).toBe(apart);
  await store.write(sql`DELETE FROM metric_series WHERE metric_name = 'one'`);
  expect(namesOf(await read(store))).toEqual(['two']);
});

test('a result that was not asked to be of series is never kept', async () => {
  const first = await store.reader.columns(names);
  expect(await store.reader.columns(names)).not.toBe(first);
});

/** A result of so many bytes, which weigh ten times as much in memory. */
function resultOf(byteLength: number, decoded: boolean[] = []): ReadResult {
  return {
    byteLength,
    decode: (isKept) => {
      decoded.push(isKept);
      return { ...decodeNative(new Uint8Array()) };
    },
  };
}

const limits: KeptLimits = { maxBytes: 1500, largestBytes: 1000, weigh: (byteLength) => byteLength * 10 };

test('the results that were used longest ago make room', async () => {
  const kept = new KeptResults(limits);
  const view = kept.view('default');
  const reads: string[] = [];
  const use = (statement: string, bytes = 30) =>
    view.result(statement, async () => {
      reads.push(statement);
      return resultOf(bytes);
    });
  for (const statement of ['a', 'b', 'c', 'd', 'a', 'e', 'a', 'b']) await use(statement);
  expect(reads).toEqual(['a', 'b', 'c', 'd', 'e', 'b']);
  expect(kept.bytes).toBeLessThanOrEqual(1500);
  await use('large', 200);
  await use('large', 200);
  expect(
    reads.filter((one) => one === 'large'),
    'too large to be kept',
  ).toHaveLength(2);
  view.forget();
  expect(kept.bytes).toBe(0);
});

test('what was read while series changed is not kept', async () => {
  const view = new KeptResults(limits).view('default');
  const old = await view.result('a', async () => {
    view.forget();
    return resultOf(1);
  });
  expect(await view.result('a', async () => resultOf(1))).not.toBe(old);
});

test('who decodes a result is told whether it is kept, as its memory must then be its own', async () => {
  const decoded: boolean[] = [];
  const view = new KeptResults(limits).view('default');
  await view.result('small', async () => resultOf(1, decoded));
  await view.result('small', async () => resultOf(1, decoded));
  await view.result('large', async () => resultOf(200, decoded));
  await view.result('meanwhile', async () => {
    view.forget();
    return resultOf(1, decoded);
  });
  const never = new KeptResults({ ...limits, maxBytes: 0 }).view('default');
  await never.result('small', async () => resultOf(1, decoded));
  expect(decoded).toEqual([true, false, false, false]);
});
