import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import mysql from 'mysql2/promise';

/** A private MariaDB server in a temporary directory. */
export interface TestDatabase {
  /** For `BOARD_DATABASE_URL`; the database in it exists and is empty at first. */
  readonly url: string;
  /** Ends the server as a lost machine would; `start` brings it back with its data. */
  kill(): Promise<void>;
  start(): Promise<void>;
  /** Makes the database anew, after a test has dropped it. */
  create(): Promise<void>;
  /** Runs one statement with full rights and returns its rows. */
  query(statement: string): Promise<unknown[]>;
  /** Ends the server and deletes its directory. */
  close(): Promise<void>;
}

const startDeadlineMillis = 60_000;
const databaseName = 'board';

/** Starts a MariaDB server on a free port. @throws when no server is installed, saying how to install one. */
export async function startMariaDb(): Promise<TestDatabase> {
  const server = findServer();
  const directory = mkdtempSync(join(tmpdir(), 'board-mariadb-'));
  const dataDirectory = join(directory, 'data');
  initialise(server, dataDirectory);
  const port = await freePort();
  let child = await startServer(server, dataDirectory, port);
  const create = async (): Promise<void> => {
    await runStatement(port, `CREATE DATABASE ${databaseName}`);
  };
  await create();
  const kill = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  };
  return {
    url: `mysql://root@127.0.0.1:${port}/${databaseName}`,
    kill,
    create,
    start: async () => {
      child = await startServer(server, dataDirectory, port);
    },
    query: (statement) => runStatement(port, statement, databaseName),
    close: async () => {
      await kill();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** The server's program: `MARIADBD`, then the PATH and Debian's place, then one unpacked under `.maru`. */
function findServer(): string {
  const root = fileURLToPath(new URL('../../../', import.meta.url));
  const candidates = [
    ...(process.env.MARIADBD ? [process.env.MARIADBD] : []),
    ...(process.env.PATH ?? '').split(':').map((entry) => join(entry, 'mariadbd')),
    '/usr/sbin/mariadbd',
    ...globSync(join(root, '.maru/mariadb/**/usr/sbin/mariadbd')),
  ];
  const found = candidates.find((candidate) => existsSync(candidate));
  if (found) return found;
  throw new Error(
    'cannot test the Board: no MariaDB server (mariadbd) was found on the PATH, in /usr/sbin or under .maru/mariadb; install it with "apt-get install mariadb-server-core", or name it in MARIADBD',
  );
}

const systemTables = [
  'mysql_system_tables.sql',
  'mysql_performance_tables.sql',
  'mysql_system_tables_data.sql',
];

/**
 * Makes the system tables as `mariadb-install-db` does. That script itself needs `my_print_defaults`, which is in
 * another Debian package than the server.
 */
function initialise(server: string, dataDirectory: string): void {
  mkdirSync(dataDirectory);
  const share = join(dirname(dirname(server)), 'share/mysql');
  const script = [
    'CREATE DATABASE mysql;',
    'USE mysql;',
    'SET @auth_root_socket=NULL;',
    'SET @skip_auth_anonymous=1;',
    ...systemTables.map((file) => readFileSync(join(share, file), 'utf8')),
  ].join('\n');
  const run = spawnSync(server, [...commonOptions(server, dataDirectory), '--bootstrap'], {
    input: script,
    encoding: 'utf8',
  });
  if (run.status === 0) return;
  throw new Error(
    `cannot make MariaDB's system tables with ${server}: ${run.error?.message ?? run.stderr.slice(-2_000)}`,
  );
}

function commonOptions(server: string, dataDirectory: string): string[] {
  const prefix = dirname(dirname(server));
  return [
    '--no-defaults',
    `--basedir=${prefix}`,
    `--lc-messages-dir=${join(prefix, 'share/mysql')}`,
    `--datadir=${dataDirectory}`,
    `--user=${userInfo().username}`,
    '--innodb-buffer-pool-size=16M',
    '--innodb-log-file-size=8M',
  ];
}

async function startServer(server: string, dataDirectory: string, port: number): Promise<ChildProcess> {
  const child = spawn(
    server,
    [
      ...commonOptions(server, dataDirectory),
      '--bind-address=127.0.0.1',
      `--port=${port}`,
      `--socket=${join(dirname(dataDirectory), 's')}`,
      `--pid-file=${join(dirname(dataDirectory), 'pid')}`,
      '--skip-name-resolve',
      '--performance-schema=OFF',
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  const complaints: string[] = [];
  child.stderr?.on('data', (chunk: Buffer) => complaints.push(chunk.toString()));
  const deadline = Date.now() + startDeadlineMillis;
  while (!(await answers(port))) {
    if (child.exitCode !== null || Date.now() > deadline) {
      child.kill('SIGKILL');
      throw new Error(
        `MariaDB did not start within ${startDeadlineMillis} ms: ${complaints.join('').slice(-2_000)}`,
      );
    }
  }
  return child;
}

async function answers(port: number): Promise<boolean> {
  try {
    await runStatement(port, 'SELECT 1');
    return true;
  } catch {
    await new Promise((resolve) => setTimeout(resolve, 50));
    return false;
  }
}

async function runStatement(port: number, statement: string, database?: string): Promise<unknown[]> {
  const connection = await mysql.createConnection({
    host: '127.0.0.1',
    port,
    user: 'root',
    ...(database ? { database } : {}),
  });
  try {
    const [rows] = await connection.query(statement);
    return Array.isArray(rows) ? rows : [];
  } finally {
    connection.destroy();
  }
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  if (typeof address === 'object' && address) return address.port;
  throw new Error('the system gave no free port');
}
