import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { addAccounts, encodeRecord } from '@maru/journal';
import {
  type Account,
  type Checked,
  checkLogs,
  checkMetrics,
  checkTraces,
  Malformed,
  requestFromJson,
  type Signal,
} from '@maru/otlp';
import { identifier, openStore, type SegmentContent, type Store, sql } from '@maru/store';
import { mutated, variedRequest } from '@maru/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

// Requests with a few bytes changed, by seed, through the check and the JSON reader; whatever the check accepts goes into
// a real engine. `MARU_FUZZ_SEED` begins elsewhere; a failure names the seed of the request. A million requests a signal
// are tried, or as many as the seconds allow.
const firstSeed = Number(process.env.MARU_FUZZ_SEED ?? 1);
const wanted = 1_000_000;
const secondsEach = 10;
const fewest = 2_000;
/** A mutant of a few kilobytes is checked in microseconds; this long is a hang on any machine. */
const hangMs = 10_000;
const loadedEach = 4_000;

const checks: Readonly<Record<Signal, (bytes: Uint8Array) => Checked>> = {
  traces: checkTraces,
  metrics: checkMetrics,
  logs: checkLogs,
};
const tables: Readonly<Record<Signal, readonly string[]>> = {
  traces: ['spans'],
  metrics: ['number_points', 'histogram_points', 'exponential_histogram_points', 'summary_points'],
  logs: ['logs'],
};

let directory: string;
let store: Store;

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'maru-fuzz-'));
  mkdirSync(join(directory, 'segments'));
  store = openStore({ directory: join(directory, 'engine'), memoryBytes: 1024 ** 3 });
});

afterAll(async () => {
  await store.close();
  rmSync(directory, { recursive: true, force: true });
});

describe.each(['traces', 'metrics', 'logs'] as const)('%s', (signal) => {
  test('no mutant crashes the check, and what it accepts the engine loads', async () => {
    const accepted: Checked[] = [];
    const tried = seedsWithin(secondsEach, (seed) => {
      const checked = within(seed, () => checks[signal](mutated(seed, original(signal, seed))));
      expect(checked.bytes.length, `seed ${seed}`).toBeLessThan(1024 * 1024);
      if (checked.items > 0 && accepted.length < loadedEach) accepted.push(checked);
    });
    expect(tried).toBeGreaterThanOrEqual(fewest);
    expect(accepted.length).toBeGreaterThan(100);
    await load(signal, accepted);
    expect(await rowsOf(signal)).toBe(addAccounts(accepted).items);
  });
});

test('no mutated JSON crashes the reader or the check behind it', () => {
  const examples = (['trace', 'metrics', 'logs', 'events'] as const).map((name) =>
    readFileSync(new URL(`../otlp-examples/${name}.json`, import.meta.url)),
  );
  const signals: readonly Signal[] = ['traces', 'metrics', 'logs', 'logs'];
  let read = 0;
  const tried = seedsWithin(secondsEach, (seed) => {
    const which = seed % examples.length;
    const signal = signals[which] ?? 'traces';
    const request = within(seed, () => fromJson(signal, mutated(seed, examples[which] ?? new Uint8Array())));
    if (request === undefined) return;
    read += 1;
    within(seed, () => checks[signal](request));
  });
  expect(tried).toBeGreaterThanOrEqual(fewest);
  expect(read).toBeGreaterThan(100);
});

/** Runs seeds one after the other until there were enough or the time is over. */
function seedsWithin(seconds: number, run: (seed: number) => void): number {
  const end = performance.now() + seconds * 1000;
  let tried = 0;
  for (; tried < wanted && (tried < fewest || performance.now() < end); tried += 1) run(firstSeed + tried);
  return tried;
}

/** What a call gives; a failure of it, or a hang, is told with the seed. */
function within<Result>(seed: number, run: () => Result): Result {
  const started = performance.now();
  try {
    return run();
  } catch (error) {
    throw new Error(`seed ${seed}: ${String(error)}`, { cause: error });
  } finally {
    expect(performance.now() - started, `seed ${seed}`).toBeLessThan(hangMs);
  }
}

const originals = new Map<string, Uint8Array>();

/** A few hundred sound requests, each the origin of many mutants. */
function original(signal: Signal, seed: number): Uint8Array {
  const key = `${signal}/${seed % 500}`;
  const request = originals.get(key) ?? variedRequest(seed % 500, signal);
  originals.set(key, request);
  return request;
}

function fromJson(signal: Signal, bytes: Uint8Array): Uint8Array | undefined {
  try {
    return requestFromJson(signal, bytes);
  } catch (error) {
    if (error instanceof Malformed) return undefined;
    throw error;
  }
}

const recordsPerSegment = 500;

async function load(signal: Signal, accepted: readonly Checked[]): Promise<void> {
  for (let from = 0; from < accepted.length; from += recordsPerSegment) {
    const records = accepted.slice(from, from + recordsPerSegment);
    const path = join(directory, 'segments', `${signal}-${from}`);
    writeFileSync(path, Buffer.concat(records.flatMap((one) => encodeRecord(one.bytes, one, 1n).buffers)));
    const account: Account = addAccounts(records);
    const content = contentOf(records);
    await store.loader.load({ signal, path, token: `${signal}/${from}`, kinds: account.kinds, content });
  }
}

function contentOf(records: readonly Checked[]): SegmentContent {
  let end = 0;
  const requests = records.map(({ bytes }) => {
    end += bytes.length;
    return { start: end - bytes.length, end, receivedTimeUnixNano: 1n };
  });
  return { bytes: Buffer.concat(records.map(({ bytes }) => bytes)), requests };
}

async function rowsOf(signal: Signal): Promise<number> {
  const counts = await Promise.all(
    tables[signal].map((table) =>
      store.reader.rows<{ readonly count: string }>(
        sql`SELECT toString(count()) AS count FROM ${identifier(table)}`,
      ),
    ),
  );
  return counts.reduce((sum, [row]) => sum + Number(row?.count), 0);
}
