import { createHash } from 'node:crypto';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** What a build writes or npm does; no source of ours. */
const notSources: ReadonlySet<string> = new Set(['node_modules', 'dist', '.vite']);

/**
 * A short text that changes when a file below one of the paths is added, taken away or written: from names, sizes and
 * times, since reading every byte at every start would take longer than most builds save.
 */
export function fingerprint(paths: readonly string[]): string {
  const hash = createHash('sha256');
  for (const path of paths) for (const line of describe(path)) hash.update(line);
  return hash.digest('hex');
}

function* describe(path: string): Generator<string> {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined) return;
  if (!stats.isDirectory()) {
    yield `${path} ${stats.size} ${stats.mtimeMs}\n`;
    return;
  }
  const names = readdirSync(path).filter((name) => !notSources.has(name));
  for (const name of names.toSorted()) yield* describe(join(path, name));
}
