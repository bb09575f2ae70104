import { join } from 'node:path';
import { expect, it } from 'vitest';
import { examineBundle } from './examine.ts';

const recordings = join(import.meta.dirname, '../testdata/recordings');

async function causesOf(file: string): Promise<readonly string[]> {
  const { findings } = await examineBundle(join(recordings, file));
  return findings.map(({ id }) => id);
}

it('names the platform for the index of another architecture, in each form of the evidence', async () => {
  for (const form of ['describe.txt', 'events.json']) {
    expect(await causesOf(`plat-idx.${form}`), form).toEqual(['image-platform']);
  }
});

it('rules the CPU out for a pod that has a node', async () => {
  const { findings } = await examineBundle(join(recordings, 'plat-idx.describe.txt'));
  expect(findings[0]?.ruledOut.map(({ name }) => name.en)).toContain('CPU or memory of the nodes');
});
