import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { below, randomBytes, seededRandom } from '@maru/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { decodeNative } from '../../native/decode.ts';
import { EmbeddedEngine } from '../embedded/engine.ts';
import { wholeBlocks } from './blocks.ts';
import { untilException } from './exception-in-body.ts';

/** The bytes in pieces of random lengths, as a network hands them on. */
async function* cut(bytes: Buffer, random: () => number, longest: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; ) {
    const length = 1 + below(random, longest);
    yield bytes.subarray(at, at + length);
    at += length;
  }
}

async function gathered(pieces: AsyncIterable<Uint8Array>): Promise<readonly Uint8Array[]> {
  const all: Uint8Array[] = [];
  for await (const piece of pieces) all.push(piece);
  return all;
}

describe('a Native result in the pieces of a network', () => {
  const directory = mkdtempSync(join(tmpdir(), 'maru-blocks-'));
  const engine = new EmbeddedEngine({ directory: join(directory, 'engine'), memoryBytes: 512 * 1024 * 1024 });
  let result: Buffer;

  beforeAll(async () => {
    const statement = `SELECT number AS id, toString(number) AS text, range(number % 5) AS list,
      map(toString(number % 3), toFloat64(number)) AS pairs, if(number % 2 = 0, NULL, number) AS odd,
      toFixedString(toString(number % 10), 4) AS fixed FROM numbers(20000) SETTINGS max_block_size = 1000`;
    result = Buffer.from(await engine.open().run(statement, 'Native'));
  });
  afterAll(async () => {
    await engine.close();
    rmSync(directory, { recursive: true, force: true });
  });

  test.each([1, 2, 3, 4, 5, 6])('comes in whole blocks, with all its bytes (seed %i)', async (seed) => {
    const random = seededRandom(seed);
    const pieces = await gathered(wholeBlocks(cut(result, random, [50, 5_000, 500_000][seed % 3] ?? 1)));
    const rows = pieces.map((piece) => decodeNative(piece).rowCount);
    expect(rows.reduce((sum, count) => sum + count, 0)).toBe(20_000);
    expect(Buffer.concat(pieces).equals(result)).toBe(true);
    if (seed % 3 === 1) expect(pieces.length).toBeGreaterThan(5);
  });

  test('that ends too early is refused', async () => {
    const short = result.subarray(0, result.length - 1);
    await expect(gathered(wholeBlocks(cut(short, seededRandom(1), 9_000)))).rejects.toThrow(/inside a block/);
  });
});

describe('an exception behind what was answered', () => {
  const tag = 'aBcDeFgHiJkLmNoP';
  const message = 'Code: 241. DB::Exception: Query memory limit exceeded: 마루. (MEMORY_LIMIT_EXCEEDED)';
  const text = `${message}\n`;
  const tail = Buffer.from(
    `\r\n__exception__\r\n${tag}\r\n${text}${Buffer.byteLength(text)} ${tag}\r\n__exception__\r\n`,
  );

  test.each([1, 2, 3, 4, 5, 6, 7, 8])('is thrown after all that came before it (seed %i)', async (seed) => {
    const random = seededRandom(seed);
    const sound = Buffer.from(randomBytes(random, below(random, 3_000)));
    const got: Buffer[] = [];
    const reading = (async () => {
      const pieces = cut(Buffer.concat([sound, tail]), random, seed % 2 === 0 ? 7 : 4_000);
      for await (const piece of untilException(pieces, tag)) got.push(piece);
    })();
    await expect(reading).rejects.toMatchObject({ code: '241', message: expect.stringContaining('마루') });
    expect(Buffer.concat(got).equals(sound)).toBe(true);
  });

  test('is not seen in a value that looks like one with another tag', async () => {
    const value = Buffer.from(tail.toString().replaceAll(tag, 'pOnMlKjIhGfEdCbA'));
    const pieces = await gathered(untilException(cut(value, seededRandom(1), 9), tag));
    expect(Buffer.concat(pieces).equals(value)).toBe(true);
  });
});
