import chdb from 'chdb';
import { identifier } from '../sql.ts';

/** Where an engine lives and what it may take. */
export interface EngineOptions {
  /** Absolute directory of the engine's files; made when absent. One process a directory. */
  readonly directory: string;
  /** Queries, inserts and merges together, in bytes. */
  readonly memoryBytes: number;
}

/** One connection to the engine in this process. It runs one statement at a time: callers queue (see `Lane`). */
export class EngineSession {
  readonly #session: chdb.Session;
  #database: string = defaultDatabase;

  constructor(options: EngineOptions) {
    this.#session = new chdb.Session(options.directory, { connectionArgs: connectionArguments(options) });
  }

  /** For start-up only: blocks the event loop. */
  runNow(statement: string): void {
    this.#session.query(statement);
  }

  /** Runs one statement off the event loop and gives the result's bytes in that format. */
  async run(statement: string, format: ResultFormat): Promise<Uint8Array> {
    const result = await this.#session.queryAsync(statement, { format });
    return result.bytes();
  }

  /** Names without a database mean this one from now on. 0.3 ms when it was another. */
  async use(database: string): Promise<void> {
    if (database === this.#database) return;
    await this.run(`USE ${identifier(database).text}`, 'Null');
    this.#database = database;
  }

  /**
   * Runs one statement and hands on its result in pieces, each of whole blocks in `Native`, as the engine makes them: its
   * buffers stay small and are used again, where a result of 100 MB in one piece costs as much to allocate as to compute.
   */
  async stream(statement: string, use: (bytes: Uint8Array) => void): Promise<void> {
    for await (const chunk of this.#session.queryStream(statement, { format: 'Native' })) use(chunk.raw());
  }

  close(): void {
    this.#session.close();
  }
}

/** The database that the engine begins with. */
export const defaultDatabase = 'default';

export type ResultFormat = 'Native' | 'JSONEachRow' | 'Null';

/**
 * The engine's defaults are a server's: nine tenths of the machine's memory and 5 GB of mark cache. Both must be set
 * when it connects; later is too late.
 */
function connectionArguments(options: EngineOptions): string[] {
  return [
    `--max_server_memory_usage=${options.memoryBytes}`,
    `--mark_cache_size=${Math.floor(options.memoryBytes / 16)}`,
    '--uncompressed_cache_size=0',
    '--output_format_json_quote_64bit_integers=1',
    '--output_format_json_quote_denormals=1',
    '--low_cardinality_allow_in_native_format=0',
  ];
}

/** Resolves when nothing native runs any more, so that the process may end. */
export async function engineAtRest(): Promise<void> {
  await chdb.drainPending();
}
