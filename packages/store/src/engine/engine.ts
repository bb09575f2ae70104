/** What the store asks of an engine. Each form of it (see the folders beside) keeps the same contract. */
export interface Engine {
  /** A session for what changes the store. */
  open(): EngineSession;
  /** A session that can only read, within limits. */
  openReadOnly(): EngineSession;
  /** Ends all sessions after what runs now. */
  close(): Promise<void>;
}

/** Runs statements one at a time: callers queue (see `Lane`). */
export interface EngineSession {
  /** Names without a database mean this one from now on. */
  use(database: string): Promise<void>;
  /** Runs one statement and gives the result's bytes in that format. */
  run(statement: string, format: ResultFormat): Promise<Uint8Array>;
  /** Runs one SELECT and hands on its result in pieces, each of whole blocks in `Native`, as the engine makes them. */
  stream(statement: string, use: (bytes: Uint8Array) => void): Promise<void>;
  /** Runs the INSERT over a segment's messages. A repeat with the same token adds nothing. */
  insert(statement: SegmentInsert, segment: SegmentFile): Promise<void>;
}

export type ResultFormat = 'Native' | 'JSONEachRow' | 'Null';

/** One INSERT … SELECT of a segment's messages into one table. */
export interface SegmentInsert {
  /** With the segment's token, what a repeat is recognised by. */
  readonly name: string;
  /** The statement, with `{messages}` where it reads the messages. */
  readonly text: string;
  /** Columns of the messages, as far as the statement reads them. */
  readonly structure: string;
  /** The messages' name in the proto. */
  readonly message: string;
}

/** A file of length-delimited messages. */
export interface SegmentFile {
  /** Absolute. */
  readonly path: string;
  /** The same for the same content and never for another. */
  readonly token: string;
}

/** The database that an engine in the process begins with. */
export const defaultDatabase = 'default';
