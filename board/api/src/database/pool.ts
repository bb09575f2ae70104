import { type BatchObservableCallback, metrics } from '@opentelemetry/api';
import mysql, {
  type ExecuteValues,
  type Pool,
  type PoolConnection,
  type ResultSetHeader,
  type RowDataPacket,
} from 'mysql2/promise';
import type { DatabaseAddress } from './address.ts';
import { DatabaseUnavailable, translate } from './errors.ts';

/** A pool's name in metrics, its size, and how long a request waits for a connection before it gets a 503. */
export interface PoolSize {
  readonly name: string;
  readonly connections: number;
  readonly acquireTimeoutMillis: number;
}

/** Runs statements. All values go through `?` placeholders; a statement is a constant of the code. */
export interface Queries {
  /** Runs a SELECT. @throws DatabaseUnavailable when the server is away or no connection came free in time. */
  rows<Row extends object>(statement: string, values?: ExecuteValues): Promise<Row[]>;
  /** Runs an INSERT, UPDATE or DELETE. @throws DatabaseUnavailable as `rows` does. */
  change(statement: string, values?: ExecuteValues): Promise<ResultSetHeader>;
}

const connectTimeoutMillis = 2_000;
const statementTimeoutMillis = 15_000;

/** A connection pool that waits a bounded time for a connection and reports itself by the semantic conventions. */
export class ConnectionPool implements Queries {
  readonly #pool: Pool;
  readonly #size: PoolSize;
  readonly #stopObserving: () => void;
  #open = 0;
  #used = 0;
  #pending = 0;

  constructor(address: DatabaseAddress, size: PoolSize) {
    this.#size = size;
    this.#pool = mysql.createPool({
      ...address,
      connectionLimit: size.connections,
      connectTimeout: connectTimeoutMillis,
      idleTimeout: 60_000,
      // Times leave the database as text in UTC, so that no driver or time zone setting can shift them.
      timezone: 'Z',
      dateStrings: true,
      charset: 'utf8mb4_unicode_ci',
    });
    this.#pool.on('connection', (connection) => {
      this.#open += 1;
      connection.once('end', () => {
        this.#open -= 1;
      });
      connection.query("SET time_zone = '+00:00'");
    });
    this.#stopObserving = observePool(size, () => this.#counts());
  }

  /** The most connections this pool opens. */
  get limit(): number {
    return this.#size.connections;
  }

  async rows<Row extends object>(statement: string, values: ExecuteValues = []): Promise<Row[]> {
    return this.withConnection(async (connection) => {
      const [rows] = await connection.execute<(Row & RowDataPacket)[]>(
        { sql: statement, timeout: statementTimeoutMillis },
        values,
      );
      return rows;
    });
  }

  async change(statement: string, values: ExecuteValues = []): Promise<ResultSetHeader> {
    return this.withConnection(async (connection) => {
      const [result] = await connection.execute<ResultSetHeader>(
        { sql: statement, timeout: statementTimeoutMillis },
        values,
      );
      return result;
    });
  }

  /** Lends a connection for the time of `work`. It must not be used after `work` has resolved. */
  async withConnection<Result>(work: (connection: PoolConnection) => Promise<Result>): Promise<Result> {
    const connection = await this.#acquire();
    this.#used += 1;
    try {
      return await work(connection);
    } catch (error) {
      const translated = translate(error);
      if (translated instanceof DatabaseUnavailable) connection.destroy();
      throw translated;
    } finally {
      this.#used -= 1;
      connection.release();
    }
  }

  /** Closes all connections. Statements in flight end first, for as long as the server lets them. */
  async close(): Promise<void> {
    this.#stopObserving();
    await this.#pool.end().catch(() => undefined);
  }

  /** mysql2 waits for a free connection without end; a request must not. A connection that comes too late goes back. */
  async #acquire(): Promise<PoolConnection> {
    const arriving = this.#pool.getConnection();
    let timer: NodeJS.Timeout | undefined;
    let late = false;
    const timeout = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => {
        late = true;
        reject(new DatabaseUnavailable('no connection came free in time'));
      }, this.#size.acquireTimeoutMillis);
    });
    arriving.then((connection) => late && connection.release()).catch(() => undefined);
    this.#pending += 1;
    try {
      return await Promise.race([arriving, timeout]);
    } catch (error) {
      throw translate(error);
    } finally {
      this.#pending -= 1;
      clearTimeout(timer);
    }
  }

  #counts(): PoolCounts {
    return { used: this.#used, idle: Math.max(0, this.#open - this.#used), pending: this.#pending };
  }
}

interface PoolCounts {
  readonly used: number;
  readonly idle: number;
  readonly pending: number;
}

/** Registers `db.client.connection.*` for one pool; returns the function that takes them away again. */
function observePool(size: PoolSize, counts: () => PoolCounts): () => void {
  const meter = metrics.getMeter('board');
  const count = meter.createObservableUpDownCounter('db.client.connection.count', {
    unit: '{connection}',
    description: 'Connections by state',
  });
  const max = meter.createObservableUpDownCounter('db.client.connection.max', { unit: '{connection}' });
  const pending = meter.createObservableUpDownCounter('db.client.connection.pending_requests', {
    unit: '{request}',
  });
  const pool = { 'db.client.connection.pool.name': size.name };
  const observe: BatchObservableCallback = (result) => {
    const now = counts();
    result.observe(count, now.used, { ...pool, 'db.client.connection.state': 'used' });
    result.observe(count, now.idle, { ...pool, 'db.client.connection.state': 'idle' });
    result.observe(max, size.connections, pool);
    result.observe(pending, now.pending, pool);
  };
  const observables = [count, max, pending];
  meter.addBatchObservableCallback(observe, observables);
  return () => meter.removeBatchObservableCallback(observe, observables);
}
