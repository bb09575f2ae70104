import type { Sql } from '../sql.ts';

/** What the store asks of an engine. Each form of it (see the folders beside) keeps the same contract. */
export interface Engine {
  /** How many reads run at a time, by lane. */
  readonly reads: { readonly lookup: number; readonly scan: number };
  /** The database that the store's own tables are in. */
  readonly database: string;
  /**
   * Whether nobody else loads into the same tables, so that what an insertion told the view beside the table is known to
   * be of this store's own insertion.
   */
  readonly isAlone: boolean;
  /** A session for what changes the store. */
  open(): EngineSession;
  /** A session that can only read, within limits. */
  openReadOnly(): EngineSession;
  /** The name of another database of this store. */
  databaseName(name: string): string;
  /** The statements that make a database with its tables; each may run again. */
  createDatabase(session: EngineSession, name: string): Promise<void>;
  /** How statements that change tables as a whole are written. */
  readonly dialect: Dialect;
  /** Ends all sessions after what runs now. */
  close(): Promise<void>;
}

/** Where the forms differ in SQL. */
export interface Dialect {
  /** The table that holds the rows of `table`, and where a statement that changes it must run. */
  stored(table: string): Sql;
  /** The same for a table that was found in the engine's own tables, by its name there. */
  altered(stored: string): Sql;
  /** A table of the engine's own (`system.parts`), for all that the store is spread over. */
  system(table: 'parts'): Sql;
}

/** Runs statements one at a time: callers queue (see `Lane`). */
export interface EngineSession {
  /** Names without a database mean this one from now on. */
  use(database: string): Promise<void>;
  /**
   * Runs one statement and gives the result's bytes in that format.
   *
   * @param mark what `kill` knows the statement by
   */
  run(statement: string, format: ResultFormat, mark?: string): Promise<Uint8Array>;
  /**
   * Runs one SELECT and hands on its result in pieces, each of whole blocks in `Native`, as the engine makes them. The next
   * one is asked for once `use` is done with the last.
   */
  stream(statement: string, use: (bytes: Uint8Array) => void | Promise<void>, mark?: string): Promise<void>;
  /** Ends, in the engine, the statement of that mark, which runs in another session. */
  kill(mark: string): Promise<void>;
  /** Runs the INSERT over a segment's messages. A repeat with the same token adds nothing. */
  insert(statement: SegmentInsert, segment: SegmentFile): Promise<void>;
  /**
   * Runs the INSERT over a block that was made here; whole or nothing. A repeat with the same token adds nothing. The block's
   * bytes must stay as they are until it is done.
   */
  insertBlock(statement: BlockInsert, block: Block): Promise<void>;
}

export type ResultFormat = 'Native' | 'JSONEachRow' | 'Null';

/** One INSERT … SELECT of a segment's messages into one table. */
export interface SegmentInsert {
  /** With the segment's token, what a repeat is recognised by. */
  readonly name: string;
  /**
   * The statement, `INSERT INTO table` on its first line, with `{messages}` where it reads the messages: at one place alone,
   * unless the engine `isAlone`.
   */
  readonly text: string;
  /** Columns of the messages, as far as the statement reads them. */
  readonly structure: string;
  /** The messages' name in the proto. */
  readonly message: string;
}

/** One INSERT … SELECT of a block's rows into one table. */
export interface BlockInsert {
  /** With the block's token, what a repeat is recognised by. */
  readonly name: string;
  /** The statement, `INSERT INTO table` on its first line, with `{block}` where it reads the rows, at one place alone. */
  readonly text: string;
  /** Of the block's columns, in their order. */
  readonly structure: string;
}

/** Rows as one block in the `Native` format. */
export interface Block {
  /** The same for the same rows and never for others. */
  readonly token: string;
  /** One after the other. */
  readonly pieces: readonly Uint8Array[];
}

/** A file of length-delimited messages. */
export interface SegmentFile {
  /** Absolute. */
  readonly path: string;
  /** The same for the same content and never for another. */
  readonly token: string;
}
