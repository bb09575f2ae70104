import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Account, noKinds } from '@maru/otlp';
import { Space } from './space.ts';
import { JournalWriter, type WriterOptions } from './writer.ts';

/** A new directory that is removed after `use`. For tests only. */
export async function inTestDirectory<T>(use: (directory: string) => Promise<T>): Promise<T> {
  const directory = await mkdtemp(join(tmpdir(), 'maru-journal-'));
  try {
    return await use(directory);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** A writer with room for everything, where a test does not say otherwise. */
export function openTestWriter(
  directory: string,
  options: Partial<WriterOptions> = {},
): Promise<JournalWriter> {
  const space = new Space(tmpdir(), { maxBacklogBytes: 2 ** 40, minFreeBytes: 0 });
  return JournalWriter.open(directory, { fsync: 'always', space, ...options });
}

export function accountOf(items: number, service = 'board-api'): Account {
  return { items, services: new Map([[service, items]]), kinds: noKinds, nestedValues: 0 };
}
