import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { SegmentBuffer } from './segment-buffer.ts';
import { inTestDirectory } from './test-journal.ts';

test('files of any size come whole, one after the other, also after a rest', async () => {
  await inTestDirectory(async (directory) => {
    const buffer = new SegmentBuffer();
    for (const [index, size] of [3, 0, 2_000_000, 10, 2_000_001].entries()) {
      const path = join(directory, String(index));
      const bytes = Buffer.alloc(size, index + 1);
      await writeFile(path, bytes);
      expect(Buffer.compare(await buffer.read(path), bytes)).toBe(0);
      if (index === 2) buffer.rest();
    }
  });
});
