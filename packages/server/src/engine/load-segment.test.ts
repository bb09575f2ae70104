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
  const span = concat(
    lengthDelimited(1, new Uint8Array(traceIdBytes).fill(1)),
    lengthDelimited(2, new Uint8Array(8).fill(1)),
    stringField(5, name),
    varintField(6, 2),
    fixed64Field(7, now),
    fixed64Field(8, now + 1n),
  );
  const resource = lengthDelimited(
    1,
    lengthDelimited(1, stringField(1, 'service.name'), lengthDelimited(2, stringField(1, service))),
  );
  return lengthDelimited(1, resource, lengthDelimited(2, lengthDelimited(2, span)));
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
