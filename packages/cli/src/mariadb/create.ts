import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { lastLines, run } from '../process/run.ts';
import { UserError } from '../user-error.ts';
import type { Installation } from './installation.ts';
import { commonOptions } from './server-options.ts';

/** The Board's database and the one account that may use it. */
const databaseName = 'board';
const userName = 'board';

/** What `mariadb-install-db` feeds to the server, in its order; its help texts and `sys` schema are left out. */
const systemTables = [
  'mysql_system_tables.sql',
  'mysql_performance_tables.sql',
  'mysql_system_tables_data.sql',
];

/** Where the Board's database stands within `dir`. */
export interface DatabasePlace {
  readonly dataDir: string;
  readonly password: string;
}

/**
 * Opens the Board's database directory, making it first when there is none: system tables, the database, and one
 * account with a password of its own, kept in a file that only this user can read. An interrupted making is done
 * again. `mariadb-install-db` is not used: it wants programs that the package does not bring.
 */
export async function openDatabase(dir: string, installation: Installation): Promise<DatabasePlace> {
  const dataDir = join(dir, 'data');
  const passwordFile = join(dir, 'password');
  if (!existsSync(dataDir)) await createDatabase(dataDir, passwordFile, installation);
  if (!existsSync(passwordFile)) {
    throw new UserError(
      `the Board's database has lost its password file ${passwordFile}; delete ${dir} to begin with an empty one`,
    );
  }
  return { dataDir, password: readFileSync(passwordFile, 'utf8').trim() };
}

/** The address the Board reaches its database at. */
export function databaseUrl(password: string, port: number): string {
  return `mysql://${userName}:${password}@127.0.0.1:${port}/${databaseName}`;
}

async function createDatabase(
  dataDir: string,
  passwordFile: string,
  installation: Installation,
): Promise<void> {
  const partial = `${dataDir}.partial`;
  rmSync(partial, { recursive: true, force: true });
  mkdirSync(partial, { recursive: true, mode: 0o700 });
  const password = randomBytes(24).toString('base64url');
  writeFileSync(passwordFile, password, { mode: 0o600 });
  await bootstrap(partial, installation, password);
  renameSync(partial, dataDir);
}

async function bootstrap(dataDir: string, installation: Installation, password: string): Promise<void> {
  const options = [
    ...commonOptions({ installation, dataDir }),
    '--bootstrap',
    '--skip-log-bin',
    '--silent-startup',
  ];
  const { code, output } = await run(installation.mariadbd, options, {
    input: bootstrapSql(installation, password),
  });
  if (code === 0) return;
  throw new UserError(
    `MariaDB could not make its tables in ${dataDir} (exit code ${code}): ${lastLines(output, 3)}`,
  );
}

function bootstrapSql({ shareDir }: Installation, password: string): string {
  return [
    // The bootstrap reads one statement a line.
    'CREATE DATABASE IF NOT EXISTS mysql;',
    'USE mysql;',
    'SET @auth_root_socket=NULL;',
    ...systemTables.map((file) => readFileSync(join(shareDir, file), 'utf8')),
    // The bootstrap starts without accounts; this loads those that the tables hold by now.
    'FLUSH PRIVILEGES;',
    // Accounts with all rights and no password: nobody needs them here.
    `DELETE FROM mysql.global_priv WHERE User IN ('root', '');`,
    'FLUSH PRIVILEGES;',
    `CREATE DATABASE ${databaseName} CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;`,
    `CREATE USER ${userName}@'127.0.0.1' IDENTIFIED BY '${password}';`,
    `GRANT ALL ON ${databaseName}.* TO ${userName}@'127.0.0.1';`,
    '',
  ].join('\n');
}
