import type chdb from 'chdb';
import { identifier } from '../../sql.ts';
import {
  defaultDatabase,
  type EngineSession,
  type ResultFormat,
  type SegmentFile,
  type SegmentInsert,
} from '../engine.ts';
import { insertFromFile } from './file-messages.ts';

/** One connection to the engine in this process. It runs one statement at a time: callers queue (see `Lane`). */
export class EmbeddedSession implements EngineSession {
  readonly #session: chdb.Session;
  #database: string = defaultDatabase;

  constructor(session: chdb.Session) {
    this.#session = session;
  }

  /** For start-up only: blocks the event loop. */
  runNow(statement: string): void {
    this.#session.query(statement);
  }

  /** Off the event loop. */
  async run(statement: string, format: ResultFormat): Promise<Uint8Array> {
    const result = await this.#session.queryAsync(statement, { format });
    return result.bytes();
  }

  /** 0.3 ms when it was another. */
  async use(database: string): Promise<void> {
    if (database === this.#database) return;
    await this.run(`USE ${identifier(database).text}`, 'Null');
    this.#database = database;
  }

  /**
   * The engine's buffers stay small and are used again, where a result of 100 MB in one piece costs as much to allocate as
   * to compute.
   */
  async stream(statement: string, use: (bytes: Uint8Array) => void): Promise<void> {
    for await (const chunk of this.#session.queryStream(statement, { format: 'Native' })) use(chunk.raw());
  }

  /** The engine reads the file itself. */
  async insert(statement: SegmentInsert, segment: SegmentFile): Promise<void> {
    await this.run(insertFromFile(statement, segment).text, 'Null');
  }

  close(): void {
    this.#session.close();
  }
}
