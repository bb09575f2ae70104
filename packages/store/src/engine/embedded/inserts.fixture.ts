import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openRawSession, type RawSession } from './raw-session.ts';

/**
 * An engine of its own with one table of spans, each with a number, by day, that takes every token once. It looks back for a
 * few tokens only, so that it soon begins another log.
 */
export class InsertsFixture {
  readonly directory: string = mkdtempSync(join(tmpdir(), 'maru-inserts-'));
  readonly #database: string;
  #session: RawSession | undefined;

  constructor(database: string) {
    this.#database = `\`${database}\``;
  }

  async create(): Promise<void> {
    await this.run(`CREATE DATABASE ${this.#database} ENGINE = Atomic`);
    await this.run(`CREATE TABLE ${this.#database}.spans (day Date, value UInt64) ENGINE = MergeTree
      PARTITION BY toYYYYMMDD(day) ORDER BY value
      SETTINGS non_replicated_deduplication_window = 4, fsync_after_insert = 1, fsync_part_directory = 1`);
  }

  async run(statement: string, format = 'Null'): Promise<string> {
    this.#session ??= openRawSession(this.directory, []);
    return Buffer.from(await this.#session.run(statement, format)).toString();
  }

  /** Adds ten rows, of the partition 20261129. */
  insert(token: string): Promise<string> {
    return this.run(
      `INSERT INTO ${this.#database}.spans SETTINGS insert_deduplication_token = '${token}'
        SELECT '2026-11-29', number FROM numbers(10)`,
    );
  }

  async count(): Promise<number> {
    return Number(await this.run(`SELECT count() FROM ${this.#database}.spans`, 'TSV'));
  }

  /** Closes the engine; the next statement opens it again. */
  end(): void {
    this.#session?.close();
    this.#session = undefined;
  }

  /** The table's directory. */
  table(): string {
    const store = join(this.directory, 'store');
    const all = readdirSync(store).flatMap((prefix) =>
      readdirSync(join(store, prefix)).map((id) => join(store, prefix, id)),
    );
    const found = all.find((path) => readdirSync(path).includes('deduplication_logs'));
    if (found === undefined) throw new Error('the engine has no table with a log of tokens');
    return found;
  }

  remove(): void {
    this.end();
    rmSync(this.directory, { recursive: true, force: true });
  }
}
