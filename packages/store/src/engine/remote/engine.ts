import type { SeriesNaming } from '@maru/otlp/prometheus';
import { readOnlySettings } from '../../read/limits.ts';
import type { Dialect, Engine, EngineSession } from '../engine.ts';
import { parseStoreAddress, type StoreAddress } from './address.ts';
import { type RemoteFunctions, remoteFunctions } from './functions.ts';
import { RemoteLink } from './link.ts';
import { migrate } from './migrate.ts';
import { RemoteSession } from './session.ts';
import { remoteDialect } from './tables.ts';

/** A server, and what a read may take there. */
export interface RemoteOptions {
  /** `clickhouse://…`, see `parseStoreAddress`. */
  readonly url: string;
  /** What one statement may take of the server's memory is derived from it, in bytes. */
  readonly memoryBytes: number;
  /** Tells this Maru's segments from another's: the same as long as its data directory is. */
  readonly source: string;
  readonly naming: SeriesNaming;
}

/** Nothing runs in this process: more at a time than the engine here could take. */
const readsAtOnce: Engine['reads'] = { lookup: 8, scan: 8 };

/** The oldest version that the schema and the loading were run with. */
const oldestVersion: readonly [number, number] = [26, 7];

/** ClickHouse by URL. */
export class RemoteEngine implements Engine {
  readonly reads: Engine['reads'] = readsAtOnce;
  readonly database: string;
  readonly isAlone = false;
  readonly dialect: Dialect;
  readonly #options: RemoteOptions;
  readonly #address: StoreAddress;
  readonly #functions: RemoteFunctions;
  readonly #link: RemoteLink;

  /** @param onOutcome told of each request whether the server could be asked */
  constructor(options: RemoteOptions, onOutcome: (failure: Error | undefined) => void) {
    this.#options = options;
    this.#address = parseStoreAddress(options.url);
    this.#functions = remoteFunctions(options.naming);
    this.#link = new RemoteLink(this.#address, onOutcome);
    this.database = this.#address.database;
    this.dialect = remoteDialect(this.#address.cluster);
  }

  /** The server's address as people may see it. */
  get shown(): string {
    return this.#address.shown;
  }

  open(): EngineSession {
    return this.#session({ ...resultSettings, ...writeSettings, ...this.#clusterSettings }, this.database);
  }

  openReadOnly(): EngineSession {
    const limits = readOnlySettings(this.#options.memoryBytes);
    return this.#session(
      { ...resultSettings, ...limits, ...leavingSettings, ...this.#clusterSettings, readonly: 1 },
      this.database,
    );
  }

  databaseName(name: string): string {
    return `${this.database}_${name}`;
  }

  async createDatabase(session: EngineSession, name: string): Promise<void> {
    await migrate(session, name, this.#address.cluster);
  }

  /** Makes the server ready for this version. Rejects with what is in the way; it may be called again. */
  async prepare(): Promise<void> {
    const session = this.#session({ ...resultSettings, ...this.#clusterSettings }, undefined);
    await this.#checkVersion(session);
    const on = this.#address.cluster === undefined ? '' : ` ON CLUSTER ${this.#address.cluster}`;
    for (const statement of this.#functions.statements)
      await session.run(statement.replace(/ AS /, `${on} AS `), 'Null');
    await migrate(session, this.database, this.#address.cluster);
  }

  async close(): Promise<void> {
    await this.#link.close();
  }

  async #checkVersion(session: EngineSession): Promise<void> {
    const bytes = await session.run('SELECT version() AS version', 'JSONEachRow');
    const { version } = JSON.parse(new TextDecoder().decode(bytes)) as { version: string };
    const [major = 0, minor = 0] = version.split('.').map(Number);
    const [oldestMajor, oldestMinor] = oldestVersion;
    if (major > oldestMajor || (major === oldestMajor && minor >= oldestMinor)) return;
    throw new Error(
      `it is ClickHouse ${version}, and Maru needs ${oldestVersion.join('.')} or newer: upgrade it`,
    );
  }

  #session(settings: Readonly<Record<string, string | number>>, database: string | undefined): RemoteSession {
    const { cluster } = this.#address;
    const { rename } = this.#functions;
    return new RemoteSession(
      { link: this.#link, settings, rename, source: this.#options.source, cluster },
      database,
    );
  }

  /**
   * On a cluster a statement is done when all nodes have it, and one table's rows are looked for in all of another's. A
   * deletion names series by a subquery, which each replica of a shard answers alike.
   */
  get #clusterSettings(): Readonly<Record<string, string | number>> {
    if (this.#address.cluster === undefined) return {};
    return {
      distributed_product_mode: 'global',
      distributed_foreground_insert: 1,
      allow_nondeterministic_mutations: 1,
      ignore_on_cluster_for_replicated_udf_queries: 1,
      distributed_ddl_output_mode: 'none_only_active',
    };
  }
}

const resultSettings: Readonly<Record<string, string | number>> = {
  output_format_json_quote_64bit_integers: 1,
  output_format_json_quote_denormals: 1,
  low_cardinality_allow_in_native_format: 0,
};

/** A query that is killed before the server has begun with it is ended by this: the request is cut off behind the kill. */
const leavingSettings: Readonly<Record<string, string | number>> = {
  cancel_http_readonly_queries_on_client_close: 1,
};

/** Blocks are recognised by their token alone, whether or not the engine holds the SELECT for one that repeats itself. */
const writeSettings: Readonly<Record<string, string | number>> = {
  deduplicate_insert_select: 'enable_even_for_bad_queries',
  insert_deduplicate: 1,
};
