import { closeSync, fsyncSync, openSync, readFileSync, rmSync } from 'node:fs';
import { type FileHandle, open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { namesIn, partOf, readTokenLog, tokenLogsOf } from './token-log.ts';

/** An insert by token that is under way. */
interface Pending {
  /** As the engine is told. */
  readonly database: string;
  readonly table: string;
  /** The last block of the table's parts before it. */
  readonly lastBlock: number;
}

/** Bytes of the note; names of databases are shorter. */
const size = 2048;

/**
 * Makes inserts by token happen once, also across a power cut. The engine syncs the parts that it writes and not its log of
 * their tokens, so that a part may be there whose token is not, and who repeats the insert has its rows twice. So the log is
 * synced before an insert is taken for done, and what is under way is written down before it begins: what an insert that was
 * cut off has left without a token is dropped at the next start, before the engine opens its directory, and comes again.
 * Both cost some 0.4 ms beside the 50 of a load.
 *
 * One insert at a time, as the lane of loads runs them.
 */
export class PendingInsert {
  readonly #directory: string;
  readonly #path: string;
  #file: FileHandle | undefined;

  /**
   * Drops what the process before has left half done. Blocks; to be called before the engine opens the directory.
   *
   * @param directory the engine's own
   */
  constructor(directory: string) {
    this.#directory = directory;
    this.#path = join(directory, 'pending-insert');
    const pending = readPending(this.#path);
    if (pending !== undefined) dropPartsWithoutToken(tableOf(directory, pending), pending.lastBlock);
    writeEmpty(this.#path);
  }

  /** Runs an insert into a table; resolves when neither it nor its token can be lost any more. */
  async once(database: string, table: string, insert: () => Promise<void>): Promise<void> {
    const path = tableOf(this.#directory, { database, table });
    await this.#note({ database, table, lastBlock: await lastBlockOf(path) });
    try {
      await insert();
    } finally {
      // What fails may have written a day of several.
      await syncTokens(path);
    }
    await this.#write('');
  }

  async close(): Promise<void> {
    await this.#file?.close();
    this.#file = undefined;
  }

  async #note(pending: Pending): Promise<void> {
    await this.#write(JSON.stringify(pending));
    await this.#file?.datasync();
  }

  /** In place and of one size, so that a sync has no change of the file's own to wait for. */
  async #write(text: string): Promise<void> {
    this.#file ??= await open(this.#path, 'r+');
    await this.#file.write(Buffer.from(text.padEnd(size)), 0, size, 0);
  }
}

function readPending(path: string): Pending | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Pending;
  } catch {
    // There is none, or it was not durable, and then the insert had not begun.
    return undefined;
  }
}

function writeEmpty(path: string): void {
  const file = openSync(path, 'w');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** The table's directory, by way of the names that the engine keeps beside its own. */
function tableOf(directory: string, { database, table }: Pick<Pending, 'database' | 'table'>): string {
  return join(directory, 'data', fileName(database), fileName(table));
}

/** How the engine names files of databases and tables. */
function fileName(name: string): string {
  const bytes = Array.from(Buffer.from(name), (byte) => {
    const character = String.fromCharCode(byte);
    if (/[A-Za-z0-9_]/.test(character)) return character;
    return `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  });
  return bytes.join('');
}

async function lastBlockOf(table: string): Promise<number> {
  const names = await readdir(table);
  return names.reduce((last, name) => Math.max(last, partOf(name)?.lastBlock ?? 0), 0);
}

/** Of the last two logs: the one that an insert has filled is followed by an empty one. */
async function syncTokens(table: string): Promise<void> {
  const logs = tokenLogsOf(table).slice(-2);
  if (logs.length === 0) throw new Error(`the engine keeps no log of the inserts into ${table}`);
  for (const log of logs) await syncLog(log);
}

async function syncLog(log: string): Promise<void> {
  const file = await open(log, 'r+');
  try {
    await file.datasync();
  } finally {
    await file.close();
  }
}

/** Drops parts of a table that are later than a block and whose token is not in the log; merged ones, which hold others' rows too, stay. */
function dropPartsWithoutToken(table: string, lastBlock: number): void {
  const known = new Set(tokenLogsOf(table).flatMap((log) => readTokenLog(log).map(({ part }) => part?.name)));
  for (const name of namesIn(table)) {
    const part = partOf(name);
    if (part === undefined || part.level > 0 || part.firstBlock <= lastBlock || known.has(name)) continue;
    rmSync(join(table, name), { recursive: true });
  }
}
