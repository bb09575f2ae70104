import { join } from 'node:path';
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
import { type KeptLimits, KeptResults, keptChunks, keptSeries } from './read/kept-results.ts';
import { createBlockReader } from './read/session-reader.ts';
import type { KeptKind, Reader } from './reader.ts';
import { createSampleRoom, type SampleRoom } from './samples/sample-room.ts';
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
export interface Database extends Maintenance, Pick<SampleRoom, 'chunks' | 'deleteNumbers'> {
  readonly reader: Reader;
  readonly loader: Loader;
  /** Of the store that it is in. */
  health(): StoreHealth;
  /** Runs one statement that changes the store: tests, benchmarks. */
  write(statement: Sql): Promise<void>;
}

/** Whether a store can be read and written, or what is in the way. */
export type StoreHealth = { readonly ready: true } | { readonly ready: false; readonly reason: string };

/** An open store, which is its own first database. Who opens it closes it. */
export interface Store extends Database {
  /** Another database, made with its tables when there is none of that name: 0.1 s and 1 MiB of memory. */
  database(name: string): Promise<Database>;
  /** Whether scans are under way in all sessions that there are for them. */
  readonly isBusy: boolean;
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
  const one = (): Lane => new Lane([engine.open()], 10_000);
  const packing = { directory: join(options.directory, 'packing'), unpacked: one(), pack: one() };
  return assemble(engine, admin, naming, {
    packing,
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

/** Whether there is a store behind the engine's sessions, its end, and what packs samples in it. */
type Lifetime = Pick<Readiness, 'inTheWay' | 'notPrepared' | 'close'> & { readonly packing?: PackingParts };

/** Sessions to read what is packed and to write it, and a directory for what is on its way. */
interface PackingParts {
  readonly directory: string;
  readonly unpacked: Lends;
  readonly pack: Lends;
}

function assemble(
  engine: Engine,
  adminSession: EngineSession,
  naming: SeriesNaming,
  lifetime: Lifetime,
): Store {
  const lane = (sessions: readonly EngineSession[], maxWaiting: number): Lends =>
    onceReady(new Lane(sessions, maxWaiting), () => lifetime.notPrepared);
  const readers = (count: number): readonly EngineSession[] =>
    Array.from({ length: count }, () => engine.openReadOnly());
  const scan = new Lane(readers(engine.reads.scan), 200);
  const lanes: StoreLanes = {
    lookup: lane(readers(engine.reads.lookup), 200),
    scan: onceReady(scan, () => lifetime.notPrepared),
    admin: lane([adminSession], 10_000),
    load: lane([engine.open()], 10_000),
  };
  const others = new Map<string, Promise<Database>>();
  // Where others write, too, nobody here knows when what was kept is no longer so.
  const keep = (limits: KeptLimits): KeptResults =>
    new KeptResults(engine.isAlone ? limits : { ...limits, maxBytes: 0 });
  const kept = { series: keep(keptSeries), chunks: keep(keptChunks) };
  const health = (): StoreHealth => healthOf(lifetime.inTheWay);
  const shared: Shared = { lanes, engine, naming, kept, packing: lifetime.packing, health };
  return {
    ...databaseOf(shared, engine.database),
    database: (name) => {
      const made = others.get(name) ?? createDatabase(shared, engine.databaseName(name));
      others.set(name, made);
      made.catch(() => others.delete(name));
      return made;
    },
    get isBusy() {
      return scan.isFull;
    },
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
  readonly kept: Readonly<Record<KeptKind, KeptResults>>;
  readonly packing: PackingParts | undefined;
  readonly health: () => StoreHealth;
}

function databaseOf({ lanes, engine, naming, kept, packing, health }: Shared, name: string): Database {
  const of = (lane: Lends): Lends => inDatabase(lane, name);
  const admin = of(lanes.admin);
  const load = of(lanes.load);
  const results = { series: kept.series.view(name), chunks: kept.chunks.view(name) };
  const reading = { lookup: of(lanes.lookup), scan: of(lanes.scan), admin: lanes.admin };
  const blocks = createBlockReader(reading, results);
  const series = engine.isAlone ? new TrackedSeries(load, results.series.forget) : new MissingSeries(load);
  const write = async (statement: Sql): Promise<void> => {
    try {
      await admin.lend((session) => session.run(statement.text, 'Null'));
    } finally {
      results.series.forget();
      results.chunks.forget();
    }
  };
  const maintenance = createMaintenance({ database: name, dialect: engine.dialect, reader: blocks, write });
  const samples = createSampleRoom({
    reader: blocks,
    database: name,
    deleteRows: maintenance.deleteRows,
    chunksChanged: results.chunks.forget,
    packing: packing && { ...packing, unpacked: of(packing.unpacked), pack: of(packing.pack) },
  });
  return {
    reader: { ...blocks, numbers: samples.numbers, numbersPackedUntil: samples.numbersPackedUntil },
    loader: new Loader(load, series, naming.explicitAsNative),
    ...maintenance,
    chunks: samples.chunks,
    deleteNumbers: samples.deleteNumbers,
    health,
    write,
  };
}

async function createDatabase(shared: Shared, name: string): Promise<Database> {
  await shared.lanes.admin.lend((session) => shared.engine.createDatabase(session, name));
  return databaseOf(shared, name);
}
