import { defaultNaming, type SeriesNaming } from '@maru/otlp/prometheus';
import { EmbeddedEngine, type EmbeddedOptions } from './engine/embedded/engine.ts';
import type { Engine, EngineSession } from './engine/engine.ts';
import { inDatabase, Lane, type Lends, onceReady } from './engine/lane.ts';
import { RemoteEngine, type RemoteOptions } from './engine/remote/engine.ts';
import { Readiness } from './engine/remote/readiness.ts';
import { Loader } from './load/loader.ts';
import { MissingSeries } from './load/missing-series.ts';
import { TrackedSeries } from './load/tracked-series.ts';
import { createMaintenance, type Maintenance } from './maintain.ts';
import { KeptResults } from './read/kept-results.ts';
import { createReader } from './read/session-reader.ts';
import type { Reader } from './reader.ts';
import { functionStatements, tableStatements } from './schema/apply.ts';
import { namingStatements } from './schema/naming.ts';
import type { Sql } from './sql.ts';

/** How series are named; as Prometheus does by default when left out. */
interface Naming {
  readonly naming?: SeriesNaming;
}

/** The engine in this process, over a directory. One open store a process and directory. */
export type EmbeddedStoreOptions = EmbeddedOptions & Naming;

/** ClickHouse by URL. */
export type RemoteStoreOptions = Omit<RemoteOptions, 'naming'> &
  Naming & {
    /** Told when the server cannot be used, and when it can again, in one sentence each. */
    readonly report: (sentence: string) => void;
  };

export type StoreOptions = EmbeddedStoreOptions | RemoteStoreOptions;

/** Tables of their own with the store's schema: what is read and written here is seen nowhere else. */
export interface Database extends Maintenance {
  readonly reader: Reader;
  readonly loader: Loader;
  /** Runs one statement that changes the store: tests, benchmarks. */
  write(statement: Sql): Promise<void>;
}

/** Whether a store can be read and written, or what is in the way. */
export type StoreHealth = { readonly ready: true } | { readonly ready: false; readonly reason: string };

/** An open store, which is its own first database. Who opens it closes it. */
export interface Store extends Database {
  /** Another database, made with its tables when there is none of that name: 0.1 s and 1 MiB of memory. */
  database(name: string): Promise<Database>;
  health(): StoreHealth;
  /** Ends the sessions after what runs now. */
  close(): Promise<void>;
}

/**
 * Opens a store. The engine in the process has its schema brought up to date before this returns, which blocks for some
 * 0.2 s. A server is made ready in the background, with back-off for as long as it takes; until then reads and loads are
 * refused as `unavailable`, which passes. Throws when the address of a server cannot be read.
 *
 * In the process each statement in flight holds a thread of libuv's pool, so the process must start with
 * UV_THREADPOOL_SIZE of 16 or more.
 */
export function openStore(options: StoreOptions): Store {
  return 'url' in options ? openRemote(options) : openEmbedded(options);
}

function openEmbedded(options: EmbeddedStoreOptions): Store {
  const naming = options.naming ?? defaultNaming;
  const engine = new EmbeddedEngine(options);
  const admin = engine.open();
  for (const statement of [...functionStatements(), ...tableStatements()]) admin.runNow(statement);
  for (const statement of namingStatements(naming)) admin.runNow(statement.text);
  return assemble(engine, admin, naming, {
    inTheWay: undefined,
    notPrepared: undefined,
    close: () => engine.close(),
  });
}

function openRemote(options: RemoteStoreOptions): Store {
  const naming = options.naming ?? defaultNaming;
  const readiness = new Readiness(
    (onOutcome) => new RemoteEngine({ ...options, naming }, onOutcome),
    options.report,
  );
  return assemble(readiness.engine, readiness.engine.open(), naming, readiness);
}

/** Whether there is a store behind the engine's sessions, and its end. */
type Lifetime = Pick<Readiness, 'inTheWay' | 'notPrepared' | 'close'>;

function assemble(
  engine: Engine,
  adminSession: EngineSession,
  naming: SeriesNaming,
  lifetime: Lifetime,
): Store {
  const lane = (sessions: readonly EngineSession[], maxWaiting: number): Lends =>
    onceReady(new Lane(sessions, maxWaiting), () => lifetime.notPrepared);
  const readOnly = (count: number): Lends =>
    lane(
      Array.from({ length: count }, () => engine.openReadOnly()),
      200,
    );
  const lanes: StoreLanes = {
    lookup: readOnly(engine.reads.lookup),
    scan: readOnly(engine.reads.scan),
    admin: lane([adminSession], 10_000),
    load: lane([engine.open()], 10_000),
  };
  const others = new Map<string, Promise<Database>>();
  // Where others write series, too, nobody here knows when what was kept of them is no longer so.
  const kept = new KeptResults(engine.isAlone ? maxKeptBytes : 0);
  const shared: Shared = { lanes, engine, naming, kept };
  return {
    ...databaseOf(shared, engine.database),
    database: (name) => {
      const made = others.get(name) ?? createDatabase(shared, engine.databaseName(name));
      others.set(name, made);
      made.catch(() => others.delete(name));
      return made;
    },
    health: () => healthOf(lifetime.inTheWay),
    close: () => lifetime.close(),
  };
}

function healthOf(reason: string | undefined): StoreHealth {
  return reason === undefined ? { ready: true } : { ready: false, reason };
}

type StoreLanes = Readonly<Record<'lookup' | 'scan' | 'admin' | 'load', Lends>>;

/** What the databases of a store have in common. */
interface Shared {
  readonly lanes: StoreLanes;
  readonly engine: Engine;
  readonly naming: SeriesNaming;
  readonly kept: KeptResults;
}

/** Enough for some hundred thousand series, which are of use again and again while a dashboard is open. */
const maxKeptBytes = 64 * 1024 * 1024;

function databaseOf({ lanes, engine, naming, kept }: Shared, name: string): Database {
  const of = (lane: Lends): Lends => inDatabase(lane, name);
  const admin = of(lanes.admin);
  const load = of(lanes.load);
  const results = kept.view(name);
  const reader = createReader(
    { lookup: of(lanes.lookup), scan: of(lanes.scan), admin: lanes.admin },
    results,
  );
  const series = engine.isAlone ? new TrackedSeries(load, results.forget) : new MissingSeries(load);
  const write = async (statement: Sql): Promise<void> => {
    try {
      await admin.lend((session) => session.run(statement.text, 'Null'));
    } finally {
      results.forget();
    }
  };
  return {
    reader,
    loader: new Loader(load, series, naming.explicitAsNative),
    ...createMaintenance({ database: name, dialect: engine.dialect, reader, write }),
    write,
  };
}

async function createDatabase(shared: Shared, name: string): Promise<Database> {
  await shared.lanes.admin.lend((session) => shared.engine.createDatabase(session, name));
  return databaseOf(shared, name);
}
