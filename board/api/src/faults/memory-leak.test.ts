import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { poll } from '../../test/board.ts';
import { memoryLeak } from './memory-leak.ts';

const mebibyte = 1024 * 1024;

/** Bytes in buffers, after all that can be collected has been. */
function bufferBytes(): number {
  setFlagsFromString('--expose-gc');
  runInNewContext('gc')();
  return process.memoryUsage().arrayBuffers;
}

test('a leak grows to its ceiling and no further, and all of it is given back', async () => {
  const before = bufferBytes();
  const leak = memoryLeak(9 * mebibyte);
  await leak.start(16);
  // 4 MiB four times a second: the third step would go over the ceiling.
  await poll(() => bufferBytes() - before >= 7 * mebibyte);
  const grown = performance.now();
  await poll(() => performance.now() - grown > 600);
  expect(bufferBytes() - before).toBeLessThan(9 * mebibyte);
  await leak.stop();
  // Collected buffers are given back by a thread of their own, a moment after the collection.
  await poll(() => bufferBytes() - before < mebibyte);
});
