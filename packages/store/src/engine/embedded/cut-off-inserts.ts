import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';

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

interface LogRecord {
  readonly line: string;
  readonly isAdded: boolean;
  readonly part: string;
}

/** Of the deduplication log: what was done, to which part, by which token. */
const added = '1';

function tablesOf(store: string): readonly string[] {
  return namesIn(store).flatMap((prefix) =>
    namesIn(join(store, prefix)).map((table) => join(store, prefix, table)),
  );
}

function takeBack(table: string): readonly string[] {
  const log = lastLog(join(table, 'deduplication_logs'));
  if (log === undefined) return [];
  const names = namesIn(table);
  const loggedAt = statSync(log, { bigint: true }).mtimeNs;
  let finished = names.filter((name) => isFinished(join(table, name), loggedAt)).length;
  if (finished === 0) return [];
  const records = readRecords(log);
  const takenBack: string[] = [];
  for (let last = records.at(-1); last !== undefined && finished > 0; last = records.at(-1)) {
    const { isAdded, part } = last;
    if (!isAdded || names.some((name) => covers(name, part))) break;
    records.pop();
    takenBack.push(part);
    finished -= 1;
  }
  if (takenBack.length > 0) replace(log, records);
  return takenBack;
}

/** Whether a directory is of a part that was written whole, at the latest when the log was. */
function isFinished(path: string, loggedAt: bigint): boolean {
  if (!/\/tmp_insert_[^/]+$/.test(path)) return false;
  const checksums = statSync(join(path, 'checksums.txt'), { bigint: true, throwIfNoEntry: false });
  return checksums !== undefined && checksums.mtimeNs <= loggedAt;
}

/** The log that is written to; older ones are whole. */
function lastLog(directory: string): string | undefined {
  const numbers = namesIn(directory).flatMap(
    (name) => /^deduplication_log_(\d+)\.txt$/.exec(name)?.[1] ?? [],
  );
  const last = numbers.map(Number).toSorted((left, right) => right - left)[0];
  return last === undefined ? undefined : join(directory, `deduplication_log_${last}.txt`);
}

function readRecords(log: string): LogRecord[] {
  const lines = readFileSync(log, 'utf8')
    .split('\n')
    .filter((line) => line !== '');
  return lines.map((line) => {
    const [operation = '', part = ''] = line.split('\t');
    return { line, isAdded: operation === added, part };
  });
}

/** Whether a part is another, or was merged into it: the name is the partition, the first and last block, the level. */
function covers(name: string, part: string): boolean {
  const [outer, inner] = [partName.exec(name)?.groups, partName.exec(part)?.groups];
  if (outer === undefined || inner === undefined) return name === part;
  return (
    outer.partition === inner.partition &&
    Number(outer.first) <= Number(inner.first) &&
    Number(outer.last) >= Number(inner.last)
  );
}

const partName: RegExp = /^(?<partition>[^_]+)_(?<first>\d+)_(?<last>\d+)_\d+(?:_\d+)?$/;

function replace(log: string, records: readonly LogRecord[]): void {
  const path = `${log}.new`;
  const file = openSync(path, 'w');
  try {
    writeSync(file, records.map(({ line }) => `${line}\n`).join(''));
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(path, log);
}

function namesIn(directory: string): readonly string[] {
  return existsSync(directory) ? readdirSync(directory) : [];
}
