import { below, pick, seededRandom } from '@maru/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { engineForms, type OpenedEngine } from '../../../test/engine-forms.ts';
import type { BlockInsert, EngineSession } from '../../engine/engine.ts';
import { nativePieces, structureOf } from '../encode.ts';
import { type ColumnWriter, nativeColumn } from './column-writer.ts';
import { DictionaryColumn } from './dictionary-column.ts';
import { ArrayColumn, MapColumn } from './nested-columns.ts';
import { Column8, Column32, Column64 } from './number-columns.ts';
import { FixedStringColumn, StringColumn } from './text-columns.ts';

/** Rows as the engine shows them in JSON, and as the columns take them. */
interface Row {
  readonly text: string;
  readonly id: string;
  readonly word: string;
  readonly whole: bigint;
  readonly small: number;
  readonly flag: boolean;
  readonly pairs: readonly (readonly [string, bigint])[];
  readonly list: readonly string[];
  readonly maps: readonly (readonly (readonly [string, string])[])[];
}

class TestColumns {
  readonly text = new StringColumn();
  readonly id = new FixedStringColumn(4);
  readonly word = new DictionaryColumn();
  readonly whole = new Column64('Int64');
  readonly small = new Column32();
  readonly flag = new Column8('Bool');
  readonly pairs = new MapColumn(new Column64('Int64'));
  readonly list = new ArrayColumn(new DictionaryColumn());
  readonly maps = new ArrayColumn(new MapColumn(new StringColumn()));

  get all(): readonly (readonly [string, ColumnWriter])[] {
    return Object.entries(this);
  }

  add(row: Row): void {
    put(this.text, row.text);
    put(this.id, row.id);
    put(this.word, row.word);
    this.whole.add(...wordsOf(row.whole));
    this.small.add(row.small);
    this.flag.add(Number(row.flag));
    for (const [key, value] of row.pairs) {
      put(this.pairs.keys, key);
      this.pairs.values.add(...wordsOf(value));
    }
    this.pairs.endRow();
    for (const item of row.list) put(this.list.items, item);
    this.list.endRow();
    for (const map of row.maps) {
      for (const [key, value] of map) {
        put(this.maps.items.keys, key);
        put(this.maps.items.values, value);
      }
      this.maps.items.endRow();
    }
    this.maps.endRow();
  }

  block(): readonly Uint8Array[] {
    return nativePieces(
      this.text.count,
      this.all.map(([name, column]) => nativeColumn(name, column)),
    );
  }

  get insert(): BlockInsert {
    const structure = structureOf(this.all.map(([name, { type }]) => ({ name, type })));
    return { name: 'written', text: 'INSERT INTO written\nSELECT * FROM {block}', structure };
  }
}

type Puts = { add(source: Uint8Array, start: number, end: number): void };

function put(column: Puts, value: string): void {
  const bytes = Buffer.from(`..${value}..`);
  column.add(bytes, 2, bytes.length - 2);
}

function wordsOf(value: bigint): [number, number] {
  return [Number(BigInt.asIntN(32, value)), Number(BigInt.asIntN(32, value >> 32n))];
}

function randomRow(seed: number): Row {
  const random = seededRandom(seed);
  const some = <Item>(make: () => Item): Item[] => Array.from({ length: below(random, 4) }, make);
  const word = (): string => pick(random, ['', 'a', '마루', 'x'.repeat(200), `${below(random, 1_000_000)}`]);
  const whole = (): bigint =>
    BigInt.asIntN(64, BigInt(below(random, 2 ** 32)) * BigInt(below(random, 2 ** 32)));
  return {
    text: word(),
    id: pick(random, ['', 'ab', 'abcd']),
    word: word(),
    whole: whole(),
    small: below(random, 2 ** 32),
    flag: random() < 0.5,
    pairs: some(() => [word(), whole()] as const),
    list: some(word),
    maps: some(() => some(() => [word(), word()] as const)),
  };
}

/** Pairs and not maps, as keys may repeat. */
const query = `SELECT text, toString(id) AS id, word, whole, small, flag, CAST(pairs, 'Array(Tuple(String, Int64))') AS pairs,
  list, arrayMap(map -> CAST(map, 'Array(Tuple(String, String))'), maps) AS maps FROM written SETTINGS max_threads = 1`;

function shown(row: Row): unknown {
  const pairs = row.pairs.map(([key, value]) => [key, String(value)]);
  return { ...row, whole: String(row.whole), pairs };
}

describe.each(engineForms)('%s', (_, open) => {
  let opened: OpenedEngine;
  let session: EngineSession;
  const columns = new TestColumns();

  beforeAll(async () => {
    opened = await open();
    session = opened.engine.open();
  }, 60_000);
  afterAll(() => opened.close());

  async function emptyTable(): Promise<void> {
    await session.run('DROP TABLE IF EXISTS written', 'Null');
    const types = columns.all.map(([name, { type }]) => `${name} ${type}`).join(', ');
    await session.run(
      `CREATE TABLE written (${types}) ENGINE = MergeTree ORDER BY tuple()
        SETTINGS non_replicated_deduplication_window = 100`,
      'Null',
    );
    for (const [, column] of columns.all) column.clear();
  }

  async function stored(): Promise<readonly unknown[]> {
    const text = Buffer.from(await session.run(query, 'JSONEachRow')).toString();
    return text.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as unknown]));
  }

  test.each([1, 2, 3_000])('%d rows come back as they were written', async (count) => {
    await emptyTable();
    const rows = Array.from({ length: count }, (_, index) => randomRow(count * 100_000 + index));
    for (const row of rows) columns.add(row);
    await session.insertBlock(columns.insert, { token: `rows ${count}`, pieces: columns.block() });
    expect(await stored()).toEqual(rows.map(shown));
  });

  test.each([255, 256, 257, 65_536, 65_537])('%d distinct texts have their own numbers', async (count) => {
    await emptyTable();
    const row = randomRow(1);
    for (let index = 0; index < 70_000; index += 1)
      columns.add({ ...row, text: `${index % (count - 1)}`, word: `${index % (count - 1)}` });
    await session.insertBlock(columns.insert, { token: `distinct ${count}`, pieces: columns.block() });
    const found = await session.run(
      'SELECT countIf(word != text) AS wrong, uniqExact(word) AS n FROM written',
      'JSONEachRow',
    );
    expect(JSON.parse(Buffer.from(found).toString())).toEqual({ wrong: '0', n: `${count - 1}` });
  });

  test('a repeat with the same token adds nothing, another token does', async () => {
    await emptyTable();
    columns.add(randomRow(1));
    const pieces = columns.block();
    for (const token of ['one', 'one', 'two']) await session.insertBlock(columns.insert, { token, pieces });
    expect(await stored()).toHaveLength(2);
  });

  test('a block that is cut short is refused and leaves nothing', async () => {
    await emptyTable();
    for (let seed = 0; seed < 1000; seed += 1) columns.add(randomRow(seed));
    const whole = Buffer.concat(columns.block());
    const pieces = [whole.subarray(0, whole.length - 1000)];
    await expect(session.insertBlock(columns.insert, { token: 'cut', pieces })).rejects.toThrow();
    expect(await stored()).toEqual([]);
  });

  test('memory is used again, also after it was let go', async () => {
    await emptyTable();
    for (const forget of ['clear', 'rest'] as const) {
      for (let seed = 0; seed < 5000; seed += 1) columns.add(randomRow(seed));
      for (const [, column] of columns.all) column[forget]();
    }
    const row = randomRow(7);
    columns.add(row);
    await session.insertBlock(columns.insert, { token: 'again', pieces: columns.block() });
    expect(await stored()).toEqual([shown(row)]);
  });
});

test('a text that is too long for its column is refused', () => {
  expect(() => put(new FixedStringColumn(4), 'abcde')).toThrow(
    new RangeError('5 bytes where there may be 4'),
  );
});
