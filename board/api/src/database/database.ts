import type { Logger } from 'pino';
import { inSpan } from '../telemetry/spans.ts';
import type { DatabaseAddress } from './address.ts';
import { codeOf, DatabaseUnavailable } from './errors.ts';
import { type Migration, MigrationError, migrate } from './migrate.ts';
import { ConnectionPool, type Queries } from './pool.ts';

/** What must be done once on a database before it is used, such as making the admin account. */
export type Prepare = (queries: Queries) => Promise<void>;

const firstRetryMillis = 250;
const longestRetryMillis = 5_000;
const probeTimeoutMillis = 1_000;

/**
 * The Board's database. It may be away when the process starts, or go away later: `start` keeps trying in the
 * background, statements fail with `DatabaseUnavailable` meanwhile, and all recovers by itself.
 */
export class Database {
  /** For requests. */
  readonly pool: ConnectionPool;
  /** One connection apart, so that fault drills can be ended while the drill holds all of `pool`. */
  readonly control: ConnectionPool;
  readonly #address: DatabaseAddress;
  readonly #log: Logger;
  #prepared = false;
  #closed = false;
  #retry: NodeJS.Timeout | undefined;
  #lastProblem = '';

  constructor(address: DatabaseAddress, log: Logger) {
    this.#address = address;
    this.#log = log;
    this.pool = new ConnectionPool(address, { name: 'board', connections: 8, acquireTimeoutMillis: 2_000 });
    this.control = new ConnectionPool(address, {
      name: 'board-control',
      connections: 1,
      acquireTimeoutMillis: 2_000,
    });
  }

  /** Begins to migrate and prepare, and goes on trying until it has worked or `close` is called. Returns at once. */
  start(migrations: readonly Migration[], prepare: Prepare): void {
    void this.#attempt(migrations, prepare, firstRetryMillis);
  }

  /** Whether the database answers now and is prepared. Takes at most about a second. */
  async isReady(): Promise<boolean> {
    if (!this.#prepared) return false;
    const answered = this.control.rows('SELECT 1').then(
      () => true,
      () => false,
    );
    return Promise.race([answered, after(probeTimeoutMillis, false)]);
  }

  /** Statements for requests. @throws DatabaseUnavailable while the database has not been prepared yet. */
  get queries(): ConnectionPool {
    return this.#whenPrepared(this.pool);
  }

  /** Statements for the control of fault drills. @throws DatabaseUnavailable as `queries` does. */
  get controlQueries(): ConnectionPool {
    return this.#whenPrepared(this.control);
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#retry);
    await Promise.all([this.pool.close(), this.control.close()]);
  }

  #whenPrepared(pool: ConnectionPool): ConnectionPool {
    if (!this.#prepared) throw new DatabaseUnavailable('it has not answered since this process started');
    return pool;
  }

  async #attempt(migrations: readonly Migration[], prepare: Prepare, nextRetryMillis: number): Promise<void> {
    try {
      const applied = await inSpan('database.prepare', {}, async () => {
        const now = await migrate(this.#address, migrations);
        await prepare(this.pool);
        return now;
      });
      this.#prepared = true;
      this.#log.info({ migrations: applied.map(({ name }) => name) }, 'database ready');
    } catch (error) {
      if (this.#closed) return;
      this.#report(error, nextRetryMillis);
      this.#retry = setTimeout(() => {
        void this.#attempt(migrations, prepare, Math.min(nextRetryMillis * 2, longestRetryMillis));
      }, nextRetryMillis);
    }
  }

  /** Says the same problem once, not with every retry. */
  #report(error: unknown, nextRetryMillis: number): void {
    const problem = error instanceof MigrationError ? error.message : codeOf(error);
    if (problem === this.#lastProblem) return;
    this.#lastProblem = problem;
    this.#log.warn({ problem, retry_ms: nextRetryMillis }, 'database not ready, trying again');
  }
}

function after<Value>(millis: number, value: Value): Promise<Value> {
  return new Promise((resolve) => {
    setTimeout(resolve, millis, value).unref();
  });
}
