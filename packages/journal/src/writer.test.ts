import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, readdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Refusal } from '@maru/ledger';
import { stringField } from '@maru/otlp';
import { describe, expect, test } from 'vitest';
import { parseSegment, readSegment, segmentAccount, segmentPath } from './segment.ts';
import { Space } from './space.ts';
import { accountOf, inTestDirectory, openTestWriter } from './test-journal.ts';
import type { Commit } from './writer.ts';

function request(number: number): Uint8Array {
  return stringField(1, `request ${number}`);
}

test('requests come back as they were, in order, with their accounts', () =>
  inTestDirectory(async (directory) => {
    const writer = await openTestWriter(directory);
    for (let number = 0; number < 20; number++) await writer.append(request(number), accountOf(number));
    expect(await writer.seal()).toBe(1);
    const { records, bytes, damage } = await readSegment(segmentPath(directory, 1));
    expect(damage).toEqual([]);
    expect(records.map(({ account }) => account)).toEqual(
      Array.from({ length: 20 }, (_, items) => accountOf(items)),
    );
    for (const [number, { messageStart }] of records.entries()) {
      const expected = request(number);
      expect(Buffer.from(bytes.subarray(messageStart, messageStart + expected.length)).equals(expected)).toBe(
        true,
      );
    }
    expect((await segmentAccount(segmentPath(directory, 1))).items).toBe(190);
    await writer.close();
  }));

test('the times of receipt are kept', () =>
  inTestDirectory(async (directory) => {
    const writer = await openTestWriter(directory);
    const before = BigInt(Date.now()) * 1_000_000n;
    await writer.append(request(1), accountOf(1));
    await writer.seal();
    const { records } = await readSegment(segmentPath(directory, 1));
    expect(records[0]?.receivedTimeUnixNano).toBeGreaterThanOrEqual(before);
    expect(records[0]?.receivedTimeUnixNano).toBeLessThanOrEqual(BigInt(Date.now()) * 1_000_000n);
    await writer.close();
  }));

test('a request is acknowledged only when it is in the file', () =>
  inTestDirectory(async (directory) => {
    const writer = await openTestWriter(directory);
    await Promise.all(
      Array.from({ length: 200 }, async (_, number) => {
        await writer.append(request(number), accountOf(1));
        const bytes = await readFile(segmentPath(directory, 1, 'open'));
        expect(bytes.includes(Buffer.from(request(number)))).toBe(true);
      }),
    );
    await writer.close();
  }));

test('requests that come together share a commit', () =>
  inTestDirectory(async (directory) => {
    const commits: Commit[] = [];
    const writer = await openTestWriter(directory, { committed: (commit) => void commits.push(commit) });
    await Promise.all(
      Array.from({ length: 100 }, (_, number) => writer.append(request(number), accountOf(1))),
    );
    expect(commits.flatMap(({ accounts }) => accounts)).toHaveLength(100);
    expect(commits.length).toBeLessThan(10);
    const { size } = await stat(segmentPath(directory, 1, 'open'));
    expect(commits.at(-1)?.through).toEqual({ segment: 1, offset: size });
    await writer.close();
  }));

test('more buffers than one system call takes are written whole', () =>
  inTestDirectory(async (directory) => {
    const writer = await openTestWriter(directory);
    await Promise.all(
      Array.from({ length: 3000 }, (_, number) => writer.append(request(number), accountOf(1))),
    );
    await writer.seal();
    expect((await segmentAccount(segmentPath(directory, 1))).items).toBe(3000);
    await writer.close();
  }));

test('the policy "interval" acknowledges after the write', () =>
  inTestDirectory(async (directory) => {
    const writer = await openTestWriter(directory, { fsync: 'interval' });
    await writer.append(request(1), accountOf(1));
    expect(parseSegment(await readFile(segmentPath(directory, 1, 'open'))).records).toHaveLength(1);
    await writer.close();
  }));

describe('segments', () => {
  test('sealing an empty segment does nothing', () =>
    inTestDirectory(async (directory) => {
      const writer = await openTestWriter(directory);
      expect(await writer.seal()).toBeUndefined();
      expect(writer.segments()).toEqual([]);
      await writer.close();
    }));

  test('a segment that is large enough seals itself', () =>
    inTestDirectory(async (directory) => {
      const writer = await openTestWriter(directory, { maxSegmentBytes: 500 });
      for (let number = 0; number < 50; number++) await writer.append(request(number), accountOf(1));
      await writer.seal();
      const segments = writer.segments();
      expect(segments.length).toBeGreaterThan(3);
      expect(segments.reduce((sum, { items }) => sum + items, 0)).toBe(50);
      expect(segments.map(({ number }) => number)).toEqual(segments.map((_, index) => index + 1));
      for (const { number, bytes } of segments)
        expect((await stat(segmentPath(directory, number))).size).toBe(bytes);
      await writer.close();
    }));

  test('a number is never used again, even when all segments were removed before a restart', () =>
    inTestDirectory(async (directory) => {
      const first = await openTestWriter(directory);
      await first.append(request(1), accountOf(1));
      await first.seal();
      first.hold(1);
      first.forget(1);
      await first.deleteFile(1);
      await first.deleteFile(1);
      await first.close();
      const second = await openTestWriter(directory);
      await second.append(request(2), accountOf(1));
      expect(await second.seal()).toBe(2);
      expect(second.waitingItems).toBe(1);
      await second.close();
    }));
});

describe('refusals', () => {
  test('a full backlog refuses, and takes again when the store has taken a segment', () =>
    inTestDirectory(async (directory) => {
      const space = new Space(tmpdir(), { maxBacklogBytes: 600, minFreeBytes: 0 });
      const writer = await openTestWriter(directory, { space });
      const outcomes = await Promise.allSettled(
        Array.from({ length: 20 }, (_, number) => writer.append(request(number), accountOf(1))),
      );
      const refused = outcomes.filter(({ status }) => status === 'rejected');
      expect(refused.length).toBeGreaterThan(0);
      expect(refused[0]).toMatchObject({ reason: { reason: 'journal_full', retryAfterSeconds: 5 } });
      expect(writer.waitingItems).toBe(20 - refused.length);
      const sealed = (await writer.seal()) ?? 0;
      writer.hold(sealed);
      writer.forget(sealed);
      expect(space.backlogBytes).toBe(0);
      await writer.append(request(99), accountOf(1));
      await writer.close();
    }));

  test('a disk with too little room refuses and leaves nothing behind', () =>
    inTestDirectory(async (directory) => {
      const space = new Space(tmpdir(), { maxBacklogBytes: 2 ** 40, minFreeBytes: 2 ** 60 });
      const writer = await openTestWriter(directory, { space });
      await expect(writer.append(request(1), accountOf(1))).rejects.toThrow('make room');
      await expect(writer.append(request(1), accountOf(1))).rejects.toBeInstanceOf(Refusal);
      expect((await stat(segmentPath(directory, 1, 'open'))).size).toBe(0);
      expect(space.backlogBytes).toBe(0);
      await writer.close();
    }));
});

const childPath = join(import.meta.dirname, 'test-writer-child.ts');

interface ChildLine {
  readonly acknowledged?: number;
  readonly refused?: string;
  readonly reason?: string;
}

/** A process that appends numbered requests and prints each outcome as a line of JSON. */
function startChild(directory: string, fileSizeBlocks: string): ReturnType<typeof spawn> {
  const script = `ulimit -f ${fileSizeBlocks}; exec "$0" "$@"`;
  const node = [process.execPath, '--disable-warning=ExperimentalWarning', childPath, directory];
  return spawn('/bin/sh', ['-c', script, ...node], { stdio: ['ignore', 'pipe', 'inherit'] });
}

async function* linesOf(child: ReturnType<typeof spawn>): AsyncGenerator<ChildLine> {
  if (child.stdout === null) throw new Error('the child has no output');
  for await (const line of createInterface({ input: child.stdout })) yield JSON.parse(line) as ChildLine;
}

test('kill -9 at any moment loses no acknowledged request', () =>
  inTestDirectory(async (directory) => {
    const acknowledged = new Set<number>();
    for (let round = 0; round < 5; round++) {
      const child = startChild(directory, 'unlimited');
      const exited = once(child, 'exit');
      let lines = 0;
      for await (const { acknowledged: number } of linesOf(child)) {
        if (number !== undefined) acknowledged.add(round * 1_000_000 + number);
        if (++lines === 200 + round * 37) child.kill('SIGKILL');
      }
      await exited;
      const found = await storedNumbers(directory);
      for (const number of acknowledged)
        if (number >= round * 1_000_000) expect(found.has(number % 1_000_000)).toBe(true);
      expect(acknowledged.size).toBeGreaterThan(round * 200);
    }
  }));

/** Recovers, and empties the directory for the next round. */
async function storedNumbers(directory: string): Promise<Set<number>> {
  const writer = await openTestWriter(directory);
  const found = new Set<number>();
  for (const { number } of writer.segments()) {
    const { records, damage } = await readSegment(segmentPath(directory, number));
    expect(damage).toEqual([]);
    for (const { account } of records) found.add(account.items);
    writer.hold(number);
    writer.forget(number);
    await writer.deleteFile(number);
  }
  await writer.close();
  return found;
}

test('a write that the system refuses is no acknowledgement, and what came before stays whole', () =>
  inTestDirectory(async (directory) => {
    // The largest file is 64 KiB here, less than a segment: writes fail with EFBIG half way, as on a full disk.
    const child = startChild(directory, '128');
    const acknowledged: number[] = [];
    const refusals: ChildLine[] = [];
    for await (const line of linesOf(child)) {
      if (line.acknowledged !== undefined) acknowledged.push(line.acknowledged);
      if (line.refused !== undefined) refusals.push(line);
      if (refusals.length >= 3 && acknowledged.length > 200) child.kill('SIGKILL');
    }
    expect(refusals[0]).toMatchObject({ reason: 'journal_error' });
    const found = await storedNumbers(directory);
    for (const number of acknowledged) expect(found.has(number)).toBe(true);
    expect((await readdir(directory)).filter((name) => name.endsWith('.bad'))).toEqual([]);
  }));

describe('taking a segment that lies elsewhere', () => {
  /** A file as a dead letter is: a segment of one record. */
  async function letterIn(directory: string, items: number): Promise<string> {
    const writer = await openTestWriter(join(directory, 'other'));
    await writer.append(request(99), accountOf(items));
    await writer.seal();
    await writer.close();
    const path = join(directory, 'letter.segment');
    await rename(segmentPath(writer.directory, 1), path);
    return path;
  }

  test('it comes in behind what was appended before, and appending goes on behind it', () =>
    inTestDirectory(async (directory) => {
      const commits: Commit[] = [];
      const writer = await openTestWriter(join(directory, 'journal'), {
        committed: (commit) => commits.push(commit),
      });
      await writer.append(request(1), accountOf(1));
      const path = await letterIn(directory, 7);
      expect(await writer.take(path)).toBe(7);
      await writer.append(request(2), accountOf(2));
      await writer.seal();
      expect(writer.segments().map(({ number, items }) => [number, items])).toEqual([
        [1, 1],
        [2, 7],
        [3, 2],
      ]);
      expect(commits.map(({ through }) => through.segment)).toEqual([1, 2, 3]);
      expect(commits[1]?.accounts).toEqual([accountOf(7)]);
      await expect(stat(path)).rejects.toThrow('ENOENT');
      await writer.close();
      const again = await openTestWriter(writer.directory);
      expect(again.segments().map(({ number }) => number)).toEqual([1, 2, 3]);
      await again.append(request(3), accountOf(1));
      expect(await again.seal()).toBe(4);
      await again.close();
    }));

  test('a crash before the rename leaves an empty open segment, whose number is not used twice', () =>
    inTestDirectory(async (directory) => {
      await writeFile(segmentPath(directory, 4, 'open'), '');
      await writeFile(segmentPath(directory, 5, 'open'), '');
      const writer = await openTestWriter(directory);
      await writer.append(request(1), accountOf(1));
      expect(await writer.seal()).toBe(5);
      await writer.close();
    }));

  test('damage and a full journal leave it where it is', () =>
    inTestDirectory(async (directory) => {
      const path = await letterIn(directory, 7);
      const space = new Space(tmpdir(), { maxBacklogBytes: 1, minFreeBytes: 0 });
      const full = await openTestWriter(join(directory, 'full'), { space });
      await expect(full.take(path)).rejects.toBeInstanceOf(Refusal);
      await full.close();
      const damaged = join(directory, 'damaged.segment');
      await copyFile(path, damaged);
      const bytes = await readFile(damaged);
      bytes.writeUInt8(bytes.readUInt8(3) ^ 1, 3);
      await writeFile(damaged, bytes);
      const writer = await openTestWriter(join(directory, 'journal'));
      await expect(writer.take(damaged)).rejects.toThrow('damaged.segment is damaged: a checksum');
      expect(writer.segments()).toEqual([]);
      await stat(damaged);
      await stat(path);
      await writer.close();
    }));
});
