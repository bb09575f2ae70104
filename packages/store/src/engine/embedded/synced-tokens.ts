import { closeSync, existsSync, fsyncSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { namesIn, type Part, partOf, readTokenLog, tokenLogsOf } from './token-log.ts';

/** The tables into which loads write each item once; the others take a repeat without harm. */
const loadedTables: readonly string[] = [
  'spans',
  'logs',
  'number_points',
  'histogram_points',
  'exponential_histogram_points',
  'native_histogram_points',
  'summary_points',
  'exemplars',
];

/**
 * Makes the tokens of a table durable, which the engine does not do: it syncs its parts, so that after a power cut a part may
 * be there whose token is not, and the repeated insert would put its rows in twice. Called after an insert and before
 * anybody takes it for done; then a part without its token is one that will be inserted again (see
 * `dropPartsWithoutToken`). Some 0.5 ms beside the 50 of a load.
 *
 * @param directory the engine's own
 * @param database as it is named to the engine
 */
export async function syncTokens(directory: string, database: string, table: string): Promise<void> {
  if (!loadedTables.includes(table)) return;
  const log = tokenLogsOf(join(directory, 'data', fileName(database), table)).at(-1);
  if (log === undefined) throw new Error(`the engine keeps no log of the inserts into ${database}.${table}`);
  const file = await open(log, 'r+');
  try {
    await file.datasync();
  } finally {
    await file.close();
  }
}

/** How the engine names a database's files. */
function fileName(database: string): string {
  const bytes = Array.from(Buffer.from(database), (byte) => {
    const character = String.fromCharCode(byte);
    if (/[A-Za-z0-9_]/.test(character)) return character;
    return `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  });
  return bytes.join('');
}

/**
 * Drops the parts of loads that nobody took for done: those whose token is not in the log, later than all that are. They will be
 * loaded again. Merged parts stay, which hold others' rows too: a merge would have to have taken a part within the
 * moment between the insert and the sync of its token. A directory that was written by an earlier version, which did not
 * sync tokens, is left as it is, and marked so that the next start can tell.
 *
 * To be called before the engine opens the directory. Blocks; reads the names of each table's parts.
 *
 * @param directory the engine's own
 * @returns the parts that were dropped, as paths
 */
export function dropPartsWithoutToken(directory: string): readonly string[] {
  if (!existsSync(join(directory, mark))) {
    markSynced(directory);
    return [];
  }
  const data = join(directory, 'data');
  return namesIn(data)
    .flatMap((database) => loadedTables.map((table) => join(data, database, table)))
    .flatMap(dropUnknown);
}

const mark = 'tokens-are-synced';

function markSynced(directory: string): void {
  writeFileSync(join(directory, mark), '', { flush: true });
  const handle = openSync(directory, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

function dropUnknown(table: string): readonly string[] {
  const logs = tokenLogsOf(table);
  if (logs.length === 0) return [];
  const records = logs.flatMap(readTokenLog);
  const lastKnown = records.reduce((last, { part }) => Math.max(last, part?.lastBlock ?? 0), 0);
  const unknown = namesIn(table).filter((name) => isLoadedAfter(partOf(name), lastKnown));
  const paths = unknown.map((name) => join(table, name));
  for (const path of paths) rmSync(path, { recursive: true });
  return paths;
}

/** Whether a part is one insert's, as it was written, and later than a block. */
function isLoadedAfter(part: Part | undefined, block: number): boolean {
  return part !== undefined && part.level === 0 && part.firstBlock > block;
}
