import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Columns } from '../reader.ts';
import { sql } from '../sql.ts';
import { openStore, type Store } from '../store.ts';
import { Arena } from './arena.ts';

let directory: string;
let store: Store;

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'maru-native-'));
  store = openStore({ directory: join(directory, 'engine'), memoryBytes: 512 * 1024 * 1024 });
});
afterAll(async () => {
  await store.close();
  rmSync(directory, { recursive: true, force: true });
});

/** So many rows come in several blocks. */
const rows = 200_000;
const query = sql`SELECT number AS id, toFloat64(number) / 2 AS half, toUInt8(number % 3) AS small,
    if(number % 50000 = 7, '마루', toString(number)) AS text,
    arrayMap(item -> toFloat64(item), range(number % 4)) AS list,
    map(toString(number % 5), number) AS pairs, if(number % 2 = 0, NULL, toInt64(number)) AS odd
  FROM numbers(${rows})`;

function checkRow(columns: Columns, row: number, number: number): void {
  const { id, half, small, text, list, pairs, odd } = {
    id: columns.column('id'),
    half: columns.column('half'),
    small: columns.column('small'),
    text: columns.column('text'),
    list: columns.column('list'),
    pairs: columns.column('pairs'),
    odd: columns.column('odd'),
  };
  const shown = [id, half, small, text].map((column) =>
    'values' in column ? column.values[row] : undefined,
  );
  expect(shown).toEqual([
    BigInt(number),
    number / 2,
    number % 3,
    number % 50_000 === 7 ? '마루' : String(number),
  ]);
  expect(list.kind === 'array' && list.offsets[row]).toBe(
    BigInt(
      Array.from({ length: row + 1 }, (_, index) => (number - row + index) % 4).reduce(
        (sum, one) => sum + one,
        0,
      ),
    ),
  );
  expect(pairs.kind === 'map' && pairs.keys.kind === 'string' && pairs.keys.values[row]).toBe(
    String(number % 5),
  );
  expect(odd.kind === 'nullable' && odd.isNull[row]).toBe(number % 2 === 0 ? 1 : 0);
}

test('a result of many blocks is one column each', async () => {
  const columns = await store.reader.columns(query);
  expect(columns.rowCount).toBe(rows);
  for (const row of [0, 7, 65_409, 100_000, rows - 1]) checkRow(columns, row, row);
});

test('blocks come one by one, in memory that is used again', async () => {
  const arena = new Arena();
  for (let round = 0; round < 2; round += 1) {
    let first = 0;
    await store.reader.eachBlock(
      query,
      (block) => {
        for (const row of [0, block.rowCount - 1]) if (row >= 0) checkRow(block, row, first + row);
        first += block.rowCount;
      },
      { allocate: arena.allocate },
    );
    expect(first).toBe(rows);
    arena.reset();
  }
});

test('blocks end when their reader has too many rows, or leaves', async () => {
  const read = store.reader.eachBlock(query, () => undefined, { maxResultRows: 1000 });
  await expect(read).rejects.toMatchObject({ kind: 'too_many_rows' });
  const leaving = new AbortController();
  const left = store.reader.eachBlock(sql`SELECT number FROM numbers(100000000000)`, () => leaving.abort(), {
    signal: leaving.signal,
    maxResultRows: Number.POSITIVE_INFINITY,
  });
  await expect(left).rejects.toMatchObject({ kind: 'cancelled' });
  expect(await store.reader.rows(sql`SELECT 1 AS one`)).toEqual([{ one: 1 }]);
});
