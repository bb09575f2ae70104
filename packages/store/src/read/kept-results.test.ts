import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { decodeNative } from '../native/decode.ts';
import type { Columns } from '../reader.ts';
import { sql } from '../sql.ts';
import { type Database, openStore, type Store } from '../store.ts';
import { KeptResults } from './kept-results.ts';

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
  return reader.columns(names, { ofSeries: true });
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

/** Results that weigh so many bytes beside their statement. */
function resultOf(byteLength: number): { columns: Columns; byteLength: number } {
  return { columns: { ...decodeNative(new Uint8Array()) }, byteLength };
}

test('the results that were used longest ago make room', async () => {
  const kept = new KeptResults(2700);
  const view = kept.view('default');
  const reads: string[] = [];
  const use = (statement: string, bytes = 30) =>
    view.result(statement, async () => {
      reads.push(statement);
      return resultOf(bytes);
    });
  for (const statement of ['a', 'b', 'c', 'd', 'a', 'e', 'a', 'b']) await use(statement);
  expect(reads).toEqual(['a', 'b', 'c', 'd', 'e', 'b']);
  expect(kept.bytes).toBeLessThanOrEqual(2700);
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
  const view = new KeptResults(2700).view('default');
  const old = await view.result('a', async () => {
    view.forget();
    return resultOf(1);
  });
  expect(await view.result('a', async () => resultOf(1))).not.toBe(old);
});
