import type chdb from 'chdb';
import { identifier, type Sql, sql } from '../../sql.ts';
import type {
  Block,
  BlockInsert,
  EngineSession,
  ResultFormat,
  SegmentFile,
  SegmentInsert,
} from '../engine.ts';
import { type BlockFiles, insertBlockFile } from './block-files.ts';
import { insertFromFile } from './file-messages.ts';
import type { PendingInsert } from './pending-insert.ts';

/** One connection to the engine in this process. It runs one statement at a time: callers queue (see `Lane`). */
export class EmbeddedSession implements EngineSession {
  readonly #session: chdb.Session;
  readonly #blocks: BlockFiles;
  readonly #pending: PendingInsert;
  #database: string;

  /** @param database the one that the engine begins with */
  constructor(
    session: chdb.Session,
    database: string,
    { blocks, pending }: { readonly blocks: BlockFiles; readonly pending: PendingInsert },
  ) {
    this.#session = session;
    this.#database = database;
    this.#blocks = blocks;
    this.#pending = pending;
  }

  /** For start-up only: blocks the event loop. */
  runNow(statement: string): void {
    this.#session.query(statement);
  }

  /** Off the event loop. */
  async run(statement: string, format: ResultFormat, mark?: string): Promise<Uint8Array> {
    const result = await this.#session.queryAsync(marked(statement, mark), { format });
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
  async stream(
    statement: string,
    use: (bytes: Uint8Array) => void | Promise<void>,
    mark?: string,
  ): Promise<void> {
    const chunks = this.#session.queryStream(marked(statement, mark), { format: 'Native' });
    try {
      for await (const chunk of chunks) await use(chunk.raw());
    } catch (error) {
      // A query that was killed while it streamed stays in the engine's list, with what it holds, until the next statement.
      await this.run('SELECT 1', 'Null').catch(() => undefined);
      throw error;
    }
  }

  /**
   * Aborting the driver's promise would only stop the waiting; the engine would go on. `SYNC` was seen to hang; `ASYNC` ends
   * the query within some 50 ms. The mark is split so as not to find itself.
   */
  async kill(mark: string): Promise<void> {
    const middle = Math.ceil(mark.length / 2);
    const statement = sql`KILL QUERY
      WHERE position(query, concat('maru ', ${mark.slice(0, middle)}, ${mark.slice(middle)})) > 0 ASYNC`;
    await this.run(statement.text, 'Null');
  }

  /** The engine reads the file itself. */
  async insert(statement: SegmentInsert, segment: SegmentFile): Promise<void> {
    await this.#insertOnce(statement, insertFromFile(statement, segment));
  }

  /** By way of a file: a statement is text, and could not hold the bytes as they are. */
  async insertBlock(statement: BlockInsert, block: Block): Promise<void> {
    await this.#blocks.lend(block.pieces, (path) =>
      this.#insertOnce(statement, insertBlockFile(statement, path, block.token)),
    );
  }

  async #insertOnce({ text }: Pick<SegmentInsert, 'text'>, insert: Sql): Promise<void> {
    const table = /^INSERT INTO (\w+)/m.exec(text)?.[1] ?? '';
    await this.#pending.once(this.#database, table, async () => {
      await this.run(insert.text, 'Null');
    });
  }

  close(): void {
    this.#session.close();
  }
}

/** A query in this process has no id that a client may choose. */
function marked(statement: string, mark: string | undefined): string {
  return mark === undefined ? statement : `/* maru ${mark} */ ${statement}`;
}
