import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';

/**
 * A table's log of the tokens by which the engine recognises a repeated insert (`deduplication_logs`): a line for each part
 * that was written, `1`, the part's name and the token's hash, and one that begins with `2` when the part is dropped.
 */
export interface TokenRecord {
  readonly line: string;
  readonly isAdded: boolean;
  /** Undefined where the line is none that we know. */
  readonly part: Part | undefined;
}

/** What a part's directory is named by. */
export interface Part {
  readonly name: string;
  readonly partition: string;
  readonly firstBlock: number;
  readonly lastBlock: number;
  /** How often it was merged. */
  readonly level: number;
}

const added = '1';

/** The logs of a table, oldest first; the last one is written to. */
export function tokenLogsOf(table: string): readonly string[] {
  const directory = join(table, 'deduplication_logs');
  return namesIn(directory)
    .map((name) => Number(/^deduplication_log_(\d+)\.txt$/.exec(name)?.[1] ?? Number.NaN))
    .filter((number) => !Number.isNaN(number))
    .toSorted((left, right) => left - right)
    .map((number) => join(directory, `deduplication_log_${number}.txt`));
}

export function readTokenLog(log: string): TokenRecord[] {
  const lines = readFileSync(log, 'utf8').split('\n');
  return lines.filter((line) => line !== '').map(recordOf);
}

function recordOf(line: string): TokenRecord {
  const [operation = '', part = ''] = line.split('\t');
  return { line, isAdded: operation === added, part: partOf(part) };
}

/** What a directory of a table says, if it is one of a part. */
export function partOf(name: string): Part | undefined {
  const { partition, first, last, level } = partName.exec(name)?.groups ?? {};
  if (partition === undefined) return undefined;
  return { name, partition, firstBlock: Number(first), lastBlock: Number(last), level: Number(level) };
}

const partName: RegExp = /^(?<partition>[^_]+)_(?<first>\d+)_(?<last>\d+)_(?<level>\d+)(?:_\d+)?$/;

/** Writes a log anew, at once and durably. */
export function replaceTokenLog(log: string, records: readonly TokenRecord[]): void {
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

export function namesIn(directory: string): readonly string[] {
  return existsSync(directory) ? readdirSync(directory) : [];
}
