import { open } from 'node:fs/promises';
import { lengthDelimited } from '@maru/otlp';
import { describe, expect, test } from 'vitest';
import { JournalReader } from './reader.ts';
import { segmentPath } from './segment.ts';
import { accountOf, inTestDirectory, openTestWriter } from './test-journal.ts';
import type { JournalPosition, JournalWriter } from './writer.ts';

const start: JournalPosition = { segment: 0, offset: 0 };

/** A request of this many bytes, whose account carries its number. */
function append(writer: JournalWriter, number: number, bytes = 100): Promise<void> {
  return writer.append(lengthDelimited(1, new Uint8Array(bytes).fill(number)), accountOf(number));
}

async function numbersUntilEnd(reader: JournalReader, maxBytes?: number): Promise<readonly number[]> {
  const numbers: number[] = [];
  for (let read = await reader.read(maxBytes); read !== undefined; read = await reader.read(maxBytes))
    numbers.push(...read.requests.map(({ account }) => account.items));
  return numbers;
}

function withWriter(use: (writer: JournalWriter, directory: string) => Promise<void>): Promise<void> {
  return inTestDirectory(async (directory) => {
    const writer = await openTestWriter(directory);
    await use(writer, directory).finally(() => writer.close());
  });
}

describe('a reader', () => {
  test('follows the journal as it grows, through open, sealed and held segments', () =>
    withWriter(async (writer) => {
      const reader = new JournalReader(writer, start);
      expect(await reader.read()).toBeUndefined();
      await append(writer, 1);
      expect(await numbersUntilEnd(reader)).toEqual([1]);
      await append(writer, 2);
      await writer.seal();
      await append(writer, 3);
      writer.hold(1);
      expect(await numbersUntilEnd(reader)).toEqual([2, 3]);
      expect(await reader.read()).toBeUndefined();
      expect(reader.position).toEqual(writer.end);
      await reader.close();
    }));

  test('gives requests byte for byte, without the trailer', () =>
    withWriter(async (writer) => {
      const request = lengthDelimited(1, new Uint8Array([1, 2, 3]));
      await writer.append(request, accountOf(7, '게시판'));
      const read = await new JournalReader(writer, start).read();
      expect(Buffer.from(read?.requests[0]?.request ?? []).equals(request)).toBe(true);
      expect(read?.requests[0]?.account.services).toEqual(new Map([['게시판', 7]]));
    }));

  test.each([1, 5, 64, 150, 10_000])('reads all with %i bytes at a time, larger records whole', (maxBytes) =>
    withWriter(async (writer) => {
      const numbers = Array.from({ length: 20 }, (_, index) => index + 1);
      for (const number of numbers) {
        await append(writer, number, number * 17);
        if (number % 7 === 0) await writer.seal();
      }
      expect(await numbersUntilEnd(new JournalReader(writer, start), maxBytes)).toEqual(numbers);
    }),
  );

  test('begins where another one stopped', () =>
    withWriter(async (writer) => {
      for (let number = 1; number <= 6; number++) await append(writer, number);
      const first = new JournalReader(writer, start);
      const read = await first.read(300);
      const second = new JournalReader(writer, read?.end ?? start);
      expect([
        ...(read?.requests ?? []).map(({ account }) => account.items),
        ...(await numbersUntilEnd(second)),
      ]).toEqual([1, 2, 3, 4, 5, 6]);
    }));

  test('goes on behind what it is told to skip', () =>
    withWriter(async (writer) => {
      await append(writer, 1);
      await writer.seal();
      await append(writer, 2);
      const reader = new JournalReader(writer, start);
      reader.skipTo({ segment: 2, offset: 0 });
      reader.skipTo({ segment: 1, offset: 0 });
      expect(await numbersUntilEnd(reader)).toEqual([2]);
    }));

  test.each([20, 130, 330])(
    'gives what is sound beside a byte that flipped at %i, and counts the rest',
    (offset) =>
      withWriter(async (writer, directory) => {
        for (let number = 1; number <= 4; number++) await append(writer, number);
        await writer.seal();
        await flip(segmentPath(directory, 1), offset);
        const reader = new JournalReader(writer, start);
        const found: number[] = [];
        let lost = 0;
        for (let read = await reader.read(); read !== undefined; read = await reader.read()) {
          found.push(...read.requests.map(({ account }) => account.items));
          lost += read.lostItems;
        }
        expect(found).toHaveLength(3);
        expect(found.reduce((sum, items) => sum + items, lost)).toBe(10);
      }),
  );
});

async function flip(path: string, offset: number): Promise<void> {
  const handle = await open(path, 'r+');
  const byte = Buffer.alloc(1);
  await handle.read(byte, 0, 1, offset);
  await handle.write(Buffer.from([(byte[0] ?? 0) ^ 0xff]), 0, 1, offset);
  await handle.close();
}
