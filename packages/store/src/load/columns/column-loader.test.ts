import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  checkLogs,
  checkTraces,
  concat,
  doubleField,
  fixed64Field,
  lengthDelimited,
  noKinds,
  stringField,
  varint,
  varintField,
} from '@maru/otlp';
import { below, mutated, seededRandom, variedRequest } from '@maru/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type OpenedForm, storeForms } from '../../../test/store-forms.ts';
import { type Database, identifier, type Segment, type SegmentContent, sql } from '../../index.ts';

const received = 1_780_000_000_123_456_789n;

let form: OpenedForm;

const checks = { traces: checkTraces, logs: checkLogs } as const;
const tables = { traces: 'spans', logs: 'logs' } as const;
type Signal = keyof typeof checks;

/** A segment of checked requests, on disk and in memory. */
function segment(signal: Signal, token: string, requests: readonly Uint8Array[]): Required<Segment> {
  const path = join(form.directory, `${signal} ${token}`);
  const checked = requests.map((request) => checks[signal](request).bytes);
  const messages = checked.map((request) => concat(request, fixed64Field(1001, received)));
  writeFileSync(path, concat(...messages.flatMap((message) => [varint(message.length), message])));
  return { signal, path, token, kinds: noKinds, content: contentOf(checked) };
}

function contentOf(requests: readonly Uint8Array[]): SegmentContent {
  let end = 0;
  const places = requests.map(({ length }) => {
    end += length;
    return { start: end - length, end, receivedTimeUnixNano: received };
  });
  return { bytes: concat(...requests), requests: places };
}

/** The same, for the engine alone to read. */
function onDisk({ content: _, ...file }: Required<Segment>): Segment {
  return file;
}

/** The same, which the engine cannot read. */
function inMemory(whole: Required<Segment>): Segment {
  return { ...whole, path: join(form.directory, 'nothing') };
}

async function rowsOf(database: Database, signal: Signal): Promise<readonly string[]> {
  const rows = await database.reader.rows<{ readonly row: string }>(
    sql`SELECT formatRowNoNewline('TSV', *) AS row FROM ${identifier(tables[signal])}`,
  );
  return rows.map(({ row }) => row).toSorted();
}

async function emptyDatabase(name: string): Promise<Database> {
  const database = await form.store.database(name);
  for (const table of Object.values(tables)) await database.write(sql`TRUNCATE TABLE ${identifier(table)}`);
  return database;
}

describe.each(storeForms)('%s', (_, open) => {
  beforeAll(async () => {
    form = await open();
  }, 60_000);

  afterAll(() => form.close());

  async function expectAlike(
    signal: Signal,
    token: string,
    requests: readonly Uint8Array[],
  ): Promise<readonly string[]> {
    const engine = await emptyDatabase('by engine');
    const columns = await emptyDatabase('by columns');
    const whole = segment(signal, token, requests);
    await engine.loader.load(onDisk(whole));
    // Resources are read from the file, rows are not.
    await columns.loader.load(whole);
    await columns.write(sql`TRUNCATE TABLE ${identifier(tables[signal])}`);
    await columns.loader.load({ ...inMemory(whole), token: `${token} again` });
    const rows = await rowsOf(columns, signal);
    expect(rows).toEqual(await rowsOf(engine, signal));
    return rows;
  }

  test.each(['traces', 'logs'] as const)(
    '%s of every field, in any order, are as the engine reads them',
    async (signal) => {
      const random = seededRandom(18);
      for (let round = 0; round < 20; round += 1) {
        const seed = below(random, 2 ** 31);
        const requests = Array.from({ length: 30 }, (_, index) => variedRequest(seed + index, signal));
        const rows = await expectAlike(signal, `varied ${seed}`, requests);
        expect(rows.length).toBeGreaterThan(20);
      }
    },
    120_000,
  );

  test.each(['traces', 'logs'] as const)(
    'so are %s with a few bytes changed that pass the check',
    async (signal) => {
      const mutants = Array.from({ length: 3000 }, (_, seed) =>
        mutated(seed, variedRequest(seed % 100, signal)),
      );
      const accepted = mutants.filter((request) => checks[signal](request).malformed === undefined);
      expect(accepted.length).toBeGreaterThan(300);
      for (let from = 0; from < accepted.length; from += 50)
        await expectAlike(signal, `mutants ${from}`, accepted.slice(from, from + 50));
    },
    120_000,
  );

  const value = (...fields: readonly Uint8Array[]): Uint8Array => lengthDelimited(2, ...fields);
  const attribute = (field: number, key: string, ...fields: readonly Uint8Array[]): Uint8Array =>
    lengthDelimited(field, stringField(1, key), value(...fields));

  function spanWith(field: number, ...fields: readonly Uint8Array[]): Uint8Array {
    const span = concat(
      lengthDelimited(1, new Uint8Array(16).fill(1)),
      lengthDelimited(2, new Uint8Array(8).fill(2)),
      fixed64Field(7, received),
      ...fields,
    );
    return lengthDelimited(1, lengthDelimited(2, lengthDelimited(field, span)));
  }

  function eventWith(...values: readonly Uint8Array[]): Uint8Array {
    const attributes = values.map((bytes, index) =>
      lengthDelimited(3, stringField(1, `${index}`), lengthDelimited(2, bytes)),
    );
    return spanWith(
      2,
      lengthDelimited(11, ...attributes),
      ...values.map((bytes, index) => attribute(9, `${index}`, bytes)),
    );
  }

  test('doubles are written as the engine writes them', async () => {
    const random = seededRandom(7);
    const bits = Float64Array.from({ length: 2000 }, () => 0);
    const words = new Uint32Array(bits.buffer);
    for (const index of words.keys()) words[index] = below(random, 2 ** 32);
    const powers = Array.from({ length: 60 }, (_, index) => [
      10 ** (index - 30),
      -1.5 * 10 ** (index - 30),
    ]).flat();
    const doubles = [
      ...bits,
      ...powers,
      0,
      -0,
      Number.NaN,
      Number.POSITIVE_INFINITY,
      2 ** 53,
      2 ** 63,
      -(2 ** 64),
      5e-324,
    ];
    await expectAlike('traces', 'doubles', [eventWith(...doubles.map((double) => doubleField(4, double)))]);
  });

  test('whole numbers of 64 bits keep every digit', async () => {
    const numbers = [
      0n,
      1n,
      -1n,
      2n ** 31n,
      2n ** 32n,
      2n ** 53n + 1n,
      2n ** 63n - 1n,
      -(2n ** 63n),
      -(2n ** 32n),
    ];
    const rows = await expectAlike('traces', 'whole numbers', [
      eventWith(...numbers.map((number) => varintField(3, number))),
    ]);
    for (const number of numbers) expect(rows[0]).toContain(String(number));
  });

  test('texts are escaped as the engine escapes them', async () => {
    const characters = Array.from({ length: 0x3000 }, (_, code) => String.fromCodePoint(code)).join('');
    await expectAlike('traces', 'texts', [
      eventWith(
        ...[characters, '', '/', '\u2028\u2029\u2027', '😀"\\', 'plain'].map((text) => stringField(1, text)),
        lengthDelimited(
          7,
          Uint8Array.from({ length: 256 }, (_, byte) => byte),
        ),
        lengthDelimited(7),
        new Uint8Array(),
      ),
    ]);
  });

  test('bodies of every type are text as the engine writes it', async () => {
    const numbers = [0n, -1n, 2n ** 63n - 1n, -(2n ** 63n)].map((number) => varintField(3, number));
    const doubles = [0, -0, 1, 1e21, 1e-7, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    const bodies = [
      ...numbers,
      ...doubles.map((double) => doubleField(4, double)),
      ...[0, 1].map((flag) => varintField(2, flag)),
      ...['', '로그', '"quoted"\n'].map((text) => stringField(1, text)),
      lengthDelimited(7, Uint8Array.of(0, 255, 7)),
      lengthDelimited(5, lengthDelimited(1, stringField(1, 'a'))),
      new Uint8Array(),
    ];
    const records = bodies.map((body) => lengthDelimited(2, lengthDelimited(5, body)));
    const rows = await expectAlike('logs', 'bodies', [lengthDelimited(1, lengthDelimited(2, ...records))]);
    expect(rows).toHaveLength(bodies.length);
  });

  test('a segment that was loaded one way adds nothing the other way', async () => {
    const database = await emptyDatabase('both ways');
    const first = segment('traces', 'first the engine', [variedRequest(1, 'traces')]);
    await database.loader.load(onDisk(first));
    const rows = await rowsOf(database, 'traces');
    await database.loader.load(first);
    const second = segment('traces', 'first the columns', [variedRequest(2, 'traces')]);
    await database.loader.load(second);
    await database.loader.load(onDisk(second));
    expect((await rowsOf(database, 'traces')).length).toBeGreaterThan(rows.length);
    await database.loader.load(first);
    const all = await rowsOf(database, 'traces');
    expect(new Set(all).size).toBe(all.length);
  });

  test('what cannot be read here is left to the engine', async () => {
    const database = await emptyDatabase('left');
    const whole = segment('traces', 'left', [variedRequest(3, 'traces')]);
    const bytes = lengthDelimited(1, lengthDelimited(2, lengthDelimited(2, new Uint8Array(4).fill(0xff))));
    await database.loader.load({ ...whole, content: contentOf([bytes]) });
    expect((await rowsOf(database, 'traces')).length).toBeGreaterThan(0);
  });

  test('many resources at once are asked for in parts, and too many are left to the engine', async () => {
    const ofResource = (name: string): Uint8Array => {
      const resource = lengthDelimited(1, attribute(1, 'service.name', stringField(1, name)));
      const span = spanWith(2).subarray(2);
      return lengthDelimited(1, resource, span);
    };
    const names = Array.from({ length: 1500 }, (_, index) => `service ${index} ${'x'.repeat(40)}`);
    const rows = await expectAlike('traces', 'many', [concat(...names.map(ofResource))]);
    expect(new Set(rows).size).toBe(1500);
    const database = await emptyDatabase('too many');
    await database.loader.load(segment('traces', 'large', [ofResource('y'.repeat(40_000))]));
    expect((await rowsOf(database, 'traces'))[0]).toContain('y'.repeat(40_000));
  });
});
