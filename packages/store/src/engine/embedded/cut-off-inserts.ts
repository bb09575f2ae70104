import { statSync } from 'node:fs';
import { join } from 'node:path';
import { namesIn, type Part, partOf, readTokenLog, replaceTokenLog, tokenLogsOf } from './token-log.ts';

/**
 * Takes back the tokens of inserts that were cut off at their last step. The engine first writes the token into the table's
 * log and then gives the finished part its name (looked at with strace: one system call after the other); a process that
 * is killed in between leaves a token without rows, and whoever repeats the insert is told that it is there already. The
 * part under its temporary name tells: it is whole, older than the log's last line, and the part which that line names is
 * nowhere. The engine deletes it when it opens the table.
 *
 * To be called before the engine opens the directory. Blocks; reads the names of each table's parts.
 *
 * @param directory the engine's own
 * @returns the parts whose tokens were taken back, as paths
 */
export function takeBackCutOffInserts(directory: string): readonly string[] {
  return tablesOf(join(directory, 'store')).flatMap((table) =>
    takeBack(table).map((part) => join(table, part)),
  );
}

function tablesOf(store: string): readonly string[] {
  return namesIn(store).flatMap((prefix) =>
    namesIn(join(store, prefix)).map((table) => join(store, prefix, table)),
  );
}

function takeBack(table: string): readonly string[] {
  // The one that the insert itself has filled is followed by an empty one.
  const log = tokenLogsOf(table).findLast((path) => statSync(path).size > 0);
  if (log === undefined) return [];
  const names = namesIn(table);
  const loggedAt = statSync(log, { bigint: true }).mtimeNs;
  const finished = names.filter((name) => isFinished(join(table, name), loggedAt)).length;
  if (finished === 0) return [];
  const parts = names.flatMap((name) => partOf(name) ?? []);
  const records = readTokenLog(log);
  const takenBack: string[] = [];
  while (takenBack.length < finished) {
    const last = records.at(-1);
    if (last?.part === undefined || !last.isAdded || isThere(parts, last.part)) break;
    records.pop();
    takenBack.push(last.part.name);
  }
  if (takenBack.length > 0) replaceTokenLog(log, records);
  return takenBack;
}

/** Whether a directory is of a part that was written whole, at the latest when the log was. */
function isFinished(path: string, loggedAt: bigint): boolean {
  if (!/\/tmp_insert_[^/]+$/.test(path)) return false;
  const checksums = statSync(join(path, 'checksums.txt'), { bigint: true, throwIfNoEntry: false });
  return checksums !== undefined && checksums.mtimeNs <= loggedAt;
}

/** Whether a part is among others, or was merged into one of them. */
function isThere(parts: readonly Part[], { partition, firstBlock, lastBlock }: Part): boolean {
  return parts.some(
    (one) => one.partition === partition && one.firstBlock <= firstBlock && one.lastBlock >= lastBlock,
  );
}
