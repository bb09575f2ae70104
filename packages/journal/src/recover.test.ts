import { readFile, rename, writeFile } from 'node:fs/promises';
import { stringField } from '@maru/otlp';
import { expect, test } from 'vitest';
import { listFiles, readSegment, segmentAccount, segmentPath } from './segment.ts';
import { accountOf, inTestDirectory, openTestWriter } from './test-journal.ts';

/** Writes ten requests and leaves the segment open, as a crash does. Returns its bytes and where its records end. */
async function leaveOpen(directory: string): Promise<{ bytes: Buffer; ends: readonly number[] }> {
  const writer = await openTestWriter(directory);
  const ends: number[] = [];
  for (let number = 1; number <= 10; number++) {
    await writer.append(stringField(1, `request ${number} ${'.'.repeat(number)}`), accountOf(number));
    ends.push((await readFile(segmentPath(directory, 1, 'open'))).length);
  }
  await writer.close();
  return { bytes: await readFile(segmentPath(directory, 1, 'open')), ends };
}

async function recovered(
  directory: string,
): Promise<{ items: number[]; messages: readonly string[]; kinds: string[] }> {
  const writer = await openTestWriter(directory);
  const items: number[] = [];
  for (const { number } of writer.segments()) {
    const { records, damage } = await readSegment(segmentPath(directory, number));
    expect(damage).toEqual([]);
    items.push(...records.map(({ account }) => account.items));
  }
  const kinds = (await listFiles(directory)).map(({ number, kind }) => `${number}.${kind}`);
  await writer.close();
  return { items, messages: writer.recoveryMessages, kinds };
}

const allTen = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];

test('a sound open segment is sealed without a word', () =>
  inTestDirectory(async (directory) => {
    await leaveOpen(directory);
    expect(await recovered(directory)).toEqual({
      items: allTen,
      messages: [],
      kinds: ['1.segment', '2.open'],
    });
  }));

test('a file cut at any byte keeps every whole record', () =>
  inTestDirectory(async (directory) => {
    const { bytes, ends } = await leaveOpen(directory);
    for (let end = 0; end < bytes.length; end += 7) {
      await inTestDirectory(async (copy) => {
        await writeFile(segmentPath(copy, 1, 'open'), bytes.subarray(0, end));
        const { items, messages } = await recovered(copy);
        const whole = ends.filter((recordEnd) => recordEnd <= end).length;
        expect(items).toEqual(allTen.slice(0, whole));
        const torn = end !== 0 && !ends.includes(end);
        expect(messages).toHaveLength(torn ? 1 : 0);
        if (torn)
          expect(messages[0]).toContain(`(at byte ${ends[whole - 1] ?? 0}): a write was cut off by a crash`);
      });
    }
  }));

test('a flipped byte anywhere loses at most the record it is in', () =>
  inTestDirectory(async (directory) => {
    const { bytes, ends } = await leaveOpen(directory);
    for (let at = 0; at < bytes.length; at += 5) {
      await inTestDirectory(async (copy) => {
        const flipped = Buffer.from(bytes);
        flipped[at] = (flipped[at] ?? 0) ^ 0x40;
        await writeFile(segmentPath(copy, 1, 'open'), flipped);
        const broken = ends.findIndex((end) => at < end) + 1;
        const { items, messages } = await recovered(copy);
        expect(items).toEqual(allTen.filter((number) => number !== broken));
        expect(messages).toHaveLength(1);
      });
    }
  }));

test('the damaged original is kept beside the clean segment, and a sealed one is repaired too', () =>
  inTestDirectory(async (directory) => {
    const { bytes } = await leaveOpen(directory);
    const flipped = Buffer.from(bytes);
    flipped[4] = 0xff;
    await writeFile(segmentPath(directory, 1), flipped);
    await writeFile(segmentPath(directory, 1, 'open'), '');
    await rename(segmentPath(directory, 1, 'open'), segmentPath(directory, 2, 'open'));
    await expect(segmentAccount(segmentPath(directory, 1))).rejects.toThrow('is damaged at bytes 0 to');
    const { items, messages, kinds } = await recovered(directory);
    expect(items).toEqual(allTen.slice(1));
    expect(messages[0]).toMatch(
      /bytes of .*000000000001\.segment are damaged \(at byte 0\): 9 sound requests were saved/,
    );
    expect(kinds).toEqual(['1.bad', '1.segment', '2.open']);
    expect((await readFile(segmentPath(directory, 1, 'bad'))).equals(flipped)).toBe(true);
  }));

test('a segment without a single sound record is set aside, and its number is not used again', () =>
  inTestDirectory(async (directory) => {
    await writeFile(segmentPath(directory, 7), 'this is not a journal segment at all');
    const { items, messages, kinds } = await recovered(directory);
    expect(items).toEqual([]);
    expect(messages).toHaveLength(1);
    expect(kinds).toEqual(['7.bad', '8.open']);
  }));

test('a crash in the middle of a repair is finished by the next start', () =>
  inTestDirectory(async (directory) => {
    const { bytes } = await leaveOpen(directory);
    await rename(segmentPath(directory, 1, 'open'), segmentPath(directory, 1, 'bad'));
    await writeFile(segmentPath(directory, 1, 'clean'), bytes);
    expect((await recovered(directory)).kinds).toEqual(['1.bad', '1.segment', '2.open']);
  }));

test('other files in the directory are left alone', () =>
  inTestDirectory(async (directory) => {
    await writeFile(`${directory}/notes.txt`, 'mine');
    await leaveOpen(directory);
    await recovered(directory);
    expect(await readFile(`${directory}/notes.txt`, 'utf8')).toBe('mine');
  }));
