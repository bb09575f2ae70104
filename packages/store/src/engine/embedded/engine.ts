import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { readOnlySettings } from '../../read/limits.ts';
import { tableStatements } from '../../schema/apply.ts';
import { identifier, sql } from '../../sql.ts';
import type { Dialect, Engine, EngineSession } from '../engine.ts';
import { BlockFiles } from './block-files.ts';
import { loadChdb } from './chdb.ts';
import { takeBackCutOffInserts } from './cut-off-inserts.ts';
import { PendingInsert } from './pending-insert.ts';
import { EmbeddedSession } from './session.ts';

/** Where an engine lives and what it may take. */
export interface EmbeddedOptions {
  /** Absolute directory of the engine's files; made when absent. One process a directory. */
  readonly directory: string;
  /** Queries, inserts and merges together, in bytes. */
  readonly memoryBytes: number;
}

/** The engine in this process: chDB. */
export class EmbeddedEngine implements Engine {
  readonly reads = { lookup: 2, scan: 3 } as const;
  readonly database: string = 'default';
  readonly isAlone = true;
  readonly dialect: Dialect = {
    stored: identifier,
    altered: identifier,
    system: (table) => sql`system.${identifier(table)}`,
  };
  readonly #options: EmbeddedOptions;
  readonly #sessions: EmbeddedSession[] = [];
  readonly #blocks: BlockFiles;
  readonly #pending: PendingInsert;

  constructor(options: EmbeddedOptions) {
    mkdirSync(options.directory, { recursive: true });
    takeBackCutOffInserts(options.directory);
    this.#pending = new PendingInsert(options.directory);
    this.#blocks = new BlockFiles(join(options.directory, 'arriving'));
    this.#options = options;
  }

  open(): EmbeddedSession {
    const { directory } = this.#options;
    const session = new EmbeddedSession(
      new (loadChdb().Session)(directory, { connectionArgs: connectionArguments(this.#options) }),
      this.database,
      { blocks: this.#blocks, pending: this.#pending },
    );
    this.#sessions.push(session);
    return session;
  }

  /** Limits first, then read-only, after which the engine refuses `file()`, `url()`, writes and undoing itself. */
  openReadOnly(): EmbeddedSession {
    const session = this.open();
    for (const [name, value] of Object.entries(readOnlySettings(this.#options.memoryBytes)))
      session.runNow(sql`SET ${identifier(name)} = ${value}`.text);
    session.runNow('SET readonly = 1');
    return session;
  }

  databaseName(name: string): string {
    return name;
  }

  async createDatabase(session: EngineSession, name: string): Promise<void> {
    await session.run(`CREATE DATABASE IF NOT EXISTS ${identifier(name).text}`, 'Null');
    await session.use(name);
    for (const statement of tableStatements()) await session.run(statement, 'Null');
  }

  async close(): Promise<void> {
    await loadChdb().drainPending();
    for (const session of this.#sessions) session.close();
    await loadChdb().drainPending();
    await this.#pending.close();
  }
}

/**
 * The engine's defaults are a server's: nine tenths of the machine's memory and 5 GB of mark cache. Both must be set
 * when it connects; later is too late.
 */
function connectionArguments(options: EmbeddedOptions): string[] {
  return [
    `--max_server_memory_usage=${options.memoryBytes}`,
    `--mark_cache_size=${Math.floor(options.memoryBytes / 16)}`,
    '--uncompressed_cache_size=0',
    '--output_format_json_quote_64bit_integers=1',
    '--output_format_json_quote_denormals=1',
    '--low_cardinality_allow_in_native_format=0',
  ];
}
