import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import mysql, { type Connection, type RowDataPacket } from 'mysql2/promise';
import type { DatabaseAddress } from './address.ts';

/** One versioned SQL file: `001_accounts.sql` is version 1, named `accounts`. */
export interface Migration {
  readonly version: number;
  readonly name: string;
  readonly sql: string;
  /** SHA-256 of the file, hexadecimal. */
  readonly checksum: string;
}

/** A database whose history is not this program's; it must not be touched. Not a passing condition. */
export class MigrationError extends Error {
  override readonly name = 'MigrationError';
}

const migrationDirectory = new URL('../../migrations/', import.meta.url);
const lockName = 'board-migrations';
const lockWaitSeconds = 30;

const createHistory = `CREATE TABLE IF NOT EXISTS schema_migrations (
  version    INT UNSIGNED NOT NULL PRIMARY KEY,
  name       VARCHAR(100) NOT NULL,
  checksum   CHAR(64)     NOT NULL,
  applied_at DATETIME(3)  NOT NULL DEFAULT CURRENT_TIMESTAMP(3)
) ENGINE = InnoDB`;

/** Reads the migration files in version order. */
export async function readMigrations(directory: URL = migrationDirectory): Promise<Migration[]> {
  const files = (await readdir(directory)).filter((file) => file.endsWith('.sql')).sort();
  return Promise.all(files.map((file) => readMigration(directory, file)));
}

/**
 * Brings the schema up to date, under a lock that other starting instances wait for, at most 30 s.
 * @returns the migrations that were applied now.
 * @throws MigrationError when an applied file has changed since, or the database knows a version that we do not.
 */
export async function migrate(
  address: DatabaseAddress,
  migrations: readonly Migration[],
): Promise<readonly Migration[]> {
  const connection = await mysql.createConnection({
    ...address,
    multipleStatements: true,
    connectTimeout: 2_000,
  });
  try {
    await lock(connection);
    return await applyMissing(connection, migrations);
  } finally {
    connection.destroy(); // also gives the lock back
  }
}

async function readMigration(directory: URL, file: string): Promise<Migration> {
  const match = /^(\d{3})_(\w+)\.sql$/.exec(file);
  if (!match?.[1] || !match[2])
    throw new MigrationError(`cannot read migration ${file}: name it 001_what.sql`);
  const sql = await readFile(new URL(file, directory), 'utf8');
  const checksum = createHash('sha256').update(sql).digest('hex');
  return { version: Number(match[1]), name: match[2], sql, checksum };
}

async function lock(connection: Connection): Promise<void> {
  const [rows] = await connection.query<RowDataPacket[]>('SELECT GET_LOCK(?, ?) AS locked', [
    lockName,
    lockWaitSeconds,
  ]);
  if (rows[0]?.locked === 1) return;
  throw new MigrationError(
    `cannot migrate: another instance held the lock for more than ${lockWaitSeconds} s`,
  );
}

async function applyMissing(connection: Connection, migrations: readonly Migration[]): Promise<Migration[]> {
  await connection.query(createHistory);
  const [rows] = await connection.query<RowDataPacket[]>(
    'SELECT version, name, checksum FROM schema_migrations',
  );
  const applied = new Map(rows.map((row) => [Number(row.version), String(row.checksum)]));
  refuseForeignHistory(applied, migrations);
  const missing = migrations.filter(({ version }) => !applied.has(version));
  for (const migration of missing) await apply(connection, migration);
  return missing;
}

function refuseForeignHistory(applied: ReadonlyMap<number, string>, migrations: readonly Migration[]): void {
  const known = new Map(migrations.map((migration) => [migration.version, migration]));
  for (const [version, checksum] of applied) {
    const migration = known.get(version);
    if (!migration) {
      throw new MigrationError(
        `cannot use the database: it is at migration ${version}, newer than this program`,
      );
    }
    if (migration.checksum !== checksum) {
      throw new MigrationError(
        `cannot use the database: migration ${version} (${migration.name}) has changed since it was applied; restore the file and add a new migration`,
      );
    }
  }
}

/** MariaDB commits around each DDL statement, so a migration cannot be one transaction: keep each file small. */
async function apply(connection: Connection, migration: Migration): Promise<void> {
  // Without its comments, which an instrumentation would take for the name of the statement.
  await connection.query(migration.sql.replace(/^--.*\n/gm, ''));
  await connection.query('INSERT INTO schema_migrations (version, name, checksum) VALUES (?, ?, ?)', [
    migration.version,
    migration.name,
    migration.checksum,
  ]);
}
