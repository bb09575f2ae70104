import { defaultNaming, type SeriesNaming } from '@maru/otlp/prometheus';
import { EmbeddedEngine } from './engine/embedded/engine.ts';
import { defaultDatabase, type Engine, type EngineSession } from './engine/engine.ts';
import { inDatabase, Lane, type Lends } from './engine/lane.ts';
import { Loader } from './load/loader.ts';
import { KeptResults } from './read/kept-results.ts';
import { createReader } from './read/session-reader.ts';
import type { Reader } from './reader.ts';
import { schemaStatements, tableStatements } from './schema/apply.ts';
import { namingStatements } from './schema/naming.ts';
import { identifier, type Sql } from './sql.ts';

export interface StoreOptions {
  /** Absolute directory of the engine's files; made when absent. One open store a process and directory. */
  readonly directory: string;
  /** Queries, loads and merges together, in bytes; at least 256 MiB. */
  readonly memoryBytes: number;
  /** How series are named; as Prometheus does by default when left out. */
  readonly naming?: SeriesNaming;
}

/** Tables of their own with the store's schema: what is read and written here is seen nowhere else. */
export interface Database {
  readonly reader: Reader;
  readonly loader: Loader;
  /** Runs one statement that changes the store: retention, maintenance, tests. */
  write(statement: Sql): Promise<void>;
}

/** An open store, which is its own first database. Who opens it closes it. */
export interface Store extends Database {
  /** Another database, made with its tables when there is none of that name: 0.1 s and 1 MiB of memory. */
  database(name: string): Promise<Database>;
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
  const engine = new EmbeddedEngine(options);
  const admin = engine.open();
  for (const statement of schemaStatements()) admin.runNow(statement);
  for (const statement of namingStatements(options.naming ?? defaultNaming)) admin.runNow(statement.text);
  return assemble(options, engine, admin);
}

function assemble(options: StoreOptions, engine: Engine, adminSession: EngineSession): Store {
  const readOnly = (count: number): Lane =>
    new Lane(
      Array.from({ length: count }, () => engine.openReadOnly()),
      200,
    );
  const admin = new Lane([adminSession], 10_000);
  const lanes = { lookup: readOnly(2), scan: readOnly(3), admin, load: new Lane([engine.open()], 10_000) };
  const others = new Map<string, Promise<Database>>();
  const shared = { lanes, options, kept: new KeptResults(maxKeptBytes) };
  return {
    ...databaseOf(shared, defaultDatabase),
    database: (name) => {
      const made = others.get(name) ?? createDatabase(shared, name);
      others.set(name, made);
      made.catch(() => others.delete(name));
      return made;
    },
    close: () => engine.close(),
  };
}

/** What the databases of a store have in common. */
interface Shared {
  readonly lanes: Readonly<Record<'lookup' | 'scan' | 'admin' | 'load', Lane>>;
  readonly options: StoreOptions;
  readonly kept: KeptResults;
}

/** Enough for some hundred thousand series, which are of use again and again while a dashboard is open. */
const maxKeptBytes = 64 * 1024 * 1024;

function databaseOf({ lanes, options, kept }: Shared, name: string): Database {
  const of = (lane: Lane): Lends => inDatabase(lane, name);
  const admin = of(lanes.admin);
  const results = kept.view(name);
  const { explicitAsNative } = options.naming ?? defaultNaming;
  return {
    reader: createReader({ lookup: of(lanes.lookup), scan: of(lanes.scan), admin: lanes.admin }, results),
    loader: new Loader(of(lanes.load), { explicitAsNative, seriesWritten: results.forget }),
    write: async (statement) => {
      try {
        await admin.lend((session) => session.run(statement.text, 'Null'));
      } finally {
        results.forget();
      }
    },
  };
}

async function createDatabase(shared: Shared, name: string): Promise<Database> {
  await shared.lanes.admin.lend(async (session) => {
    await session.run(`CREATE DATABASE IF NOT EXISTS ${identifier(name).text}`, 'Null');
    await session.use(name);
    for (const statement of tableStatements()) await session.run(statement, 'Null');
  });
  return databaseOf(shared, name);
}
