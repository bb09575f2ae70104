import { mkdirSync } from 'node:fs';
import { Lane } from './engine/lane.ts';
import { EngineSession, engineAtRest } from './engine/session.ts';
import { Loader } from './load/loader.ts';
import { readOnlyStatements } from './read/limits.ts';
import { createReader } from './read/session-reader.ts';
import type { Reader } from './reader.ts';
import { schemaStatements } from './schema/apply.ts';
import type { Sql } from './sql.ts';

export interface StoreOptions {
  /** Absolute directory of the engine's files; made when absent. One open store a process and directory. */
  readonly directory: string;
  /** Queries, loads and merges together, in bytes; at least 256 MiB. */
  readonly memoryBytes: number;
}

/** An open store. Who opens it closes it. */
export interface Store {
  readonly reader: Reader;
  readonly loader: Loader;
  /** Runs one statement that changes the store: retention, maintenance, tests. */
  write(statement: Sql): Promise<void>;
  /** Ends the sessions after what runs now. */
  close(): Promise<void>;
}

/**
 * Opens the engine in this process and brings its schema up to date. Blocks for some 0.2 s.
 *
 * Sessions: two for look-ups, three for scans, one to load, one to maintain and to end queries. Each statement in flight
 * holds a thread of libuv's pool, so the process must start with UV_THREADPOOL_SIZE of 16 or more.
 */
export function openStore(options: StoreOptions): Store {
  mkdirSync(options.directory, { recursive: true });
  const sessions: EngineSession[] = [];
  const open = (): EngineSession => {
    const session = new EngineSession(options);
    sessions.push(session);
    return session;
  };
  const admin = open();
  for (const statement of schemaStatements()) admin.runNow(statement);
  return assemble(options, admin, open, sessions);
}

function assemble(
  options: StoreOptions,
  adminSession: EngineSession,
  open: () => EngineSession,
  sessions: readonly EngineSession[],
): Store {
  const readOnly = (count: number): Lane =>
    new Lane(
      Array.from({ length: count }, () => openReadOnly(options, open)),
      200,
    );
  const admin = new Lane([adminSession], 10_000);
  const lanes = { lookup: readOnly(2), scan: readOnly(3), admin };
  return {
    reader: createReader(lanes),
    loader: new Loader(new Lane([open()], 100)),
    write: (statement) => admin.lend(async (session) => void (await session.run(statement.text, 'Null'))),
    close: () => closeAll(sessions),
  };
}

function openReadOnly(options: StoreOptions, open: () => EngineSession): EngineSession {
  const session = open();
  for (const statement of readOnlyStatements(options.memoryBytes)) session.runNow(statement);
  return session;
}

async function closeAll(sessions: readonly EngineSession[]): Promise<void> {
  await engineAtRest();
  for (const session of sessions) session.close();
  await engineAtRest();
}
