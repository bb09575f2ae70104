import { below, pick, seededRandom } from '@maru/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { engineForms, type OpenedEngine } from '../../../test/engine-forms.ts';
import type { BlockInsert, EngineSession } from '../../engine/engine.ts';
import { nativePieces, structureOf } from '../encode.ts';
import { type ColumnWriter, nativeColumn, type PaddedColumn } from './column-writer.ts';
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

  #rows = 0;
  #words = 0;
  #maps = 0;

  get all(): readonly (readonly [string, ColumnWriter])[] {
    return Object.entries(this);
  }

  /** What is empty is left out. */
  add(row: Row): void {
    const at = this.#rows;
    this.#rows += 1;
    putAt(this.text, at, row.text);
    putAt(this.id, at, row.id);
    putAt(this.word, at, row.word);
    this.whole.pad(at);
    if (row.whole !== 0n) this.whole.add(...wordsOf(row.whole));
    this.small.pad(at);
    if (row.small !== 0) this.small.add(row.small);
    this.flag.pad(at);
    if (row.flag) this.flag.add(1);
    this.#addPairs(at, row);
    this.#addLists(at, row);
  }

  #addPairs(at: number, { pairs }: Row): void {
    for (const [key, value] of pairs) {
      this.pairs.pad(at);
      put(this.pairs.keys, key);
      this.pairs.values.add(...wordsOf(value));
    }
  }

  #addLists(at: number, { list, maps }: Row): void {
    for (const item of list) {
      this.list.pad(at, this.#words);
      putAt(this.list.items, this.#words, item);
      this.#words += 1;
    }
    for (const map of maps) {
      this.maps.pad(at, this.#maps);
      for (const [key, value] of map) {
        this.maps.items.pad(this.#maps);
        put(this.maps.items.keys, key);
        put(this.maps.items.values, value);
      }
      this.#maps += 1;
    }
  }

  block(): readonly Uint8Array[] {
    const { text, id, word, whole, small, flag, pairs } = this;
    for (const column of [text, id, word, whole, small, flag, pairs]) column.pad(this.#rows);
    this.list.pad(this.#rows, this.#words);
    this.list.items.pad(this.#words);
    this.maps.pad(this.#rows, this.#maps);
    this.maps.items.pad(this.#maps);
    return nativePieces(
      this.#rows,
      this.all.map(([name, column]) => nativeColumn(name, column)),
    );
  }

  forget(how: 'clear' | 'rest'): void {
    for (const [, column] of this.all) column[how]();
    this.#rows = this.#words = this.#maps = 0;
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

/** Puts a text that is not empty in its row. */
function putAt(column: Puts & PaddedColumn, row: number, value: string): void {
  column.pad(row);
  if (value !== '') put(column, value);
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
    columns.forget('clear');
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
      columns.forget(forget);
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

test('a row that is there already is refused', () => {
  const column = new Column32();
  column.pad(2);
  column.add(7);
  column.pad(3);
  expect(() => column.pad(2)).toThrow(new RangeError('row 2 of a column is there already'));
});
