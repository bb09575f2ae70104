import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeRecord } from '@maru/journal';
import {
  type Account,
  concat,
  fixed64Field,
  lengthDelimited,
  noKinds,
  stringField,
  varintField,
} from '@maru/otlp';
import { openStore, type Store, sql } from '@maru/store';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { forgetHalvedParts } from './halved-parts.ts';
import { type Destination, loadSegment, type WaitingSegment } from './load-segment.ts';

let dataDir: string;
let store: Store;
let reports: string[] = [];

beforeAll(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'maru-load-'));
  mkdirSync(join(dataDir, 'run'));
  store = openStore({ directory: join(dataDir, 'engine'), memoryBytes: 512 * 1024 * 1024 });
});

afterAll(async () => {
  await store.close();
  rmSync(dataDir, { recursive: true, force: true });
});

const now = 1_780_000_000_000_000_000n;

/** A request of one span; a trace id of a wrong width is what the engine refuses (the check lets none through). */
function spanRequest(service: string, name: string, traceIdBytes = 16): Uint8Array {
  return requestOf(service, lengthDelimited(2, spanOf(name, traceIdBytes)));
}

function requestOf(service: string, ...scopeGroup: readonly Uint8Array[]): Uint8Array {
  const name = concat(stringField(1, 'service.name'), lengthDelimited(2, stringField(1, service)));
  return lengthDelimited(1, lengthDelimited(1, lengthDelimited(1, name)), lengthDelimited(2, ...scopeGroup));
}

function spanOf(name: string, traceIdBytes: number): Uint8Array {
  return concat(
    lengthDelimited(1, new Uint8Array(traceIdBytes).fill(1)),
    lengthDelimited(2, new Uint8Array(8).fill(1)),
    stringField(5, name),
    varintField(6, 2),
    fixed64Field(7, now),
    fixed64Field(8, now + 1n),
  );
}

function segmentOf(number: number, requests: readonly Uint8Array[]): WaitingSegment {
  const path = join(dataDir, `${number}.segment`);
  const account: Account = { items: 1, services: new Map(), kinds: noKinds, nestedValues: 0 };
  const records = requests.map((request) => encodeRecord(request, account, now).buffers);
  writeFileSync(path, concat(...records.flat()));
  return { signal: 'traces', number, path };
}

function destination(): Destination {
  reports = [];
  return { loader: store.loader, dataDir, report: (sentence) => reports.push(sentence) };
}

async function storedNames(service: string): Promise<readonly string[]> {
  const rows = await store.reader.rows<{ name: string }>(
    sql`SELECT name FROM spans WHERE service_name = ${service} ORDER BY name`,
  );
  return rows.map(({ name }) => name);
}

test('a refused request is set aside alone, and everything else is stored once', async () => {
  const names = Array.from({ length: 11 }, (_, index) => `span ${String(index).padStart(2, '0')}`);
  const requests = names.map((name, index) => spanRequest('bisect', name, index === 7 ? 17 : 16));
  const segment = segmentOf(1, requests);
  const expected = names.filter((_, index) => index !== 7);

  expect(await loadSegment(segment, destination())).toEqual({ stored: 10, dead: 1 });
  expect(await storedNames('bisect')).toEqual(expected);
  expect(reports).toEqual([
    expect.stringMatching(
      /^the engine refused a request with 1 traces items \(segment 1, byte \d+\): .*FixedString.*; it is kept as dead\/traces\/000000000001-\d+\.segment, everything else was stored$/,
    ),
  ]);
  expect(readdirSync(join(dataDir, 'dead', 'traces'))).toHaveLength(2);
  expect(readdirSync(join(dataDir, 'run'))).toEqual([]);
});

test('loading the same segment again after a crash adds nothing, also when it was halved', async () => {
  const segment = segmentOf(1, [
    spanRequest('twice', 'a'),
    spanRequest('twice', 'b', 17),
    spanRequest('twice', 'c'),
  ]);
  await loadSegment(segment, destination());
  expect(await loadSegment(segment, destination())).toEqual({ stored: 2, dead: 1 });
  expect(await storedNames('twice')).toEqual(['a', 'c']);
});

test('another segment of the same number is another segment', async () => {
  await loadSegment(segmentOf(5, [spanRequest('number', 'a')]), destination());
  await loadSegment(segmentOf(5, [spanRequest('number', 'b')]), destination());
  expect(await storedNames('number')).toEqual(['a', 'b']);
});

test('a flipped byte costs its own request and is told', async () => {
  const segment = segmentOf(9, [
    spanRequest('flip', 'a'),
    spanRequest('flip', 'b'),
    spanRequest('flip', 'c'),
  ]);
  const bytes = readFileSync(segment.path);
  const middle = Math.floor(bytes.length / 2);
  bytes.writeUInt8(bytes.readUInt8(middle) ^ 0x40, middle);
  writeFileSync(segment.path, bytes);
  expect(await loadSegment(segment, destination())).toEqual({ stored: 2, dead: 0 });
  expect(await storedNames('flip')).toEqual(['a', 'c']);
  expect(reports[0]).toMatch(
    /^journal segment traces\/9 is damaged at bytes \d+ to \d+: a checksum is wrong/,
  );
});

/** A scope whose attributes stand in each of its spans' rows. */
function largeRequest(service: string, scopeBytes: number, spans: number): Uint8Array {
  const attribute = concat(stringField(1, 'k'), lengthDelimited(2, stringField(1, 'v'.repeat(scopeBytes))));
  const scope = lengthDelimited(1, lengthDelimited(3, attribute));
  const span = lengthDelimited(2, spanOf('large', 16));
  return requestOf(service, scope, ...Array.from({ length: spans }, () => span));
}

test('a request that needs more memory than there is is set aside alone, at once', async () => {
  const segment = segmentOf(11, [
    spanRequest('memory', 'a'),
    largeRequest('memory', 1_000_000, 2_000),
    spanRequest('memory', 'b'),
    spanRequest('memory', 'c'),
  ]);
  expect(await loadSegment(segment, destination())).toEqual({ stored: 3, dead: 1 });
  expect(reports).toEqual([expect.stringMatching(/memory limit/i)]);
  expect(await storedNames('memory')).toEqual(['a', 'b', 'c']);
});

test('what was halved for want of memory is not tried whole again', async () => {
  const segment = segmentOf(12, [
    spanRequest('again', 'a'),
    largeRequest('again', 1_000_000, 2_000),
    spanRequest('again', 'b'),
  ]);
  await loadSegment(segment, destination());
  expect(await loadSegment(segment, destination())).toEqual({ stored: 2, dead: 1 });
  expect(reports).toEqual([expect.stringMatching(/takes more memory than the engine has/)]);
  expect(await storedNames('again')).toEqual(['a', 'b']);
  await forgetHalvedParts({ dataDir, ...segment });
  expect(readdirSync(join(dataDir, 'run')).filter((name) => name.includes('-12.'))).toEqual([]);
});

test('memory that may be there later is waited for, but not for ever', async () => {
  const lacking = new Error(
    'Code: 241. DB::Exception: (total) memory limit exceeded: would use 1.01 GiB (attempt to allocate chunk of 4.00 MiB), maximum: 1.00 GiB.',
  );
  const load = (): Promise<void> => Promise.reject(lacking);
  const full: Destination = { ...destination(), loader: { load, rest: () => undefined } };
  const segment = segmentOf(13, [spanRequest('later', 'a')]);
  await expect(loadSegment(segment, full, { withoutMemory: 8 })).rejects.toThrow('memory limit');
  expect(await loadSegment(segment, full, { withoutMemory: 9 })).toEqual({ stored: 0, dead: 1 });
});
