import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import {
  chmodSync,
  closeSync,
  cpSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { inTurn } from '../tools/in-turn.ts';
import { outputOf } from '../tools/output.ts';
import { nodeProgram, places, programAt } from '../tools/places.ts';
import { type Recording, writeRecordings } from '../tools/recording.ts';
import { until } from '../tools/wait.ts';

const data = '/srv/mysql';
const app = '/srv/app';
const libraries = join(places.debian, 'usr/lib/x86_64-linux-gnu');
const share = join(places.debian, 'usr/share/mysql');

/** A server of its own files on 127.0.0.1, and nobody else's. */
class Server {
  readonly #child: ChildProcess;
  readonly log: string;

  private constructor(child: ChildProcess, log: string) {
    this.#child = child;
    this.log = log;
  }

  static async start(port: number, settings: readonly string[]): Promise<Server> {
    const log = `/srv/mariadb-${port}.log`;
    const out = openSync(log, 'w');
    const child = spawn(programAt('mariadbd'), [...flags(port), ...settings], {
      stdio: ['ignore', out, out],
      env: { ...process.env, LD_LIBRARY_PATH: libraries },
    });
    closeSync(out);
    await until(`MariaDB on port ${port}`, () => readFileSync(log, 'utf8').includes('ready for connections'));
    return new Server(child, log);
  }

  async close(): Promise<void> {
    const gone = new Promise((resolve) => this.#child.once('exit', resolve));
    this.#child.kill('SIGTERM');
    await gone;
  }
}

function flags(port: number): readonly string[] {
  return [
    '--no-defaults',
    '--user=root',
    `--datadir=${data}`,
    `--lc-messages-dir=${share}`,
    `--port=${port}`,
    `--socket=/srv/mysql-${port}.sock`,
    '--bind-address=127.0.0.1',
    '--skip-name-resolve',
  ];
}

function install(): void {
  rmSync(data, { recursive: true, force: true });
  mkdirSync(data, { recursive: true });
  const tables = ['mysql_system_tables.sql', 'mysql_system_tables_data.sql'].map((file) =>
    readFileSync(join(share, file), 'utf8'),
  );
  execFileSync(programAt('mariadbd'), [...flags(0), '--bootstrap', '--skip-networking'], {
    input: [
      'CREATE DATABASE IF NOT EXISTS mysql;',
      'USE mysql;',
      'SET @auth_root_socket=NULL;',
      ...tables,
      "DELETE FROM mysql.global_priv WHERE User = '';",
    ].join('\n'),
    env: { ...process.env, LD_LIBRARY_PATH: libraries },
    stdio: ['pipe', 'ignore', 'ignore'],
  });
}

const accounts = `
CREATE DATABASE board;
CREATE TABLE board.people (name VARCHAR(20)) COLLATE utf8mb4_general_ci;
CREATE TABLE board.rooms (name VARCHAR(20)) COLLATE utf8mb4_unicode_ci;
CREATE USER board@'%' IDENTIFIED BY 'right';
GRANT ALL ON board.* TO board@'%';
CREATE USER guest@'%' IDENTIFIED BY 'right';
CREATE USER signed@'%' IDENTIFIED VIA ed25519 USING PASSWORD('right');
`;

/** What an application asks, by the driver whose package is named. */
interface Asked {
  readonly title: string;
  readonly fires: readonly string[];
  readonly unlike?: readonly string[];
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly sql?: string;
  /** Milliseconds to wait after the statement, before another one. */
  readonly idle?: number;
}

const asked: readonly Asked[] = [
  {
    title: 'no password',
    fires: ['database-no-password'],
    unlike: ['database-password-wrong'],
    settings: { password: '' },
  },
  {
    title: 'another password',
    fires: ['database-password-wrong'],
    unlike: ['database-no-password', 'database-no-grant', 'connection-refused'],
    settings: { password: 'wrong' },
  },
  {
    title: 'an account without a grant',
    fires: ['database-no-grant'],
    unlike: ['database-password-wrong', 'database-missing'],
    settings: { user: 'guest' },
  },
  {
    title: 'a database that was not made',
    fires: ['database-missing'],
    unlike: ['database-table-missing'],
    settings: { user: 'root', password: '', database: 'shop' },
  },
  {
    title: 'a table that no migration made',
    fires: ['database-table-missing'],
    unlike: ['database-missing'],
    sql: 'SELECT * FROM messages',
  },
  {
    title: 'a collation of MySQL 8',
    fires: ['database-unknown-collation'],
    unlike: ['database-mixed-collations'],
    sql: 'CREATE TABLE posts (title VARCHAR(20)) COLLATE utf8mb4_0900_ai_ci',
  },
  {
    title: 'two columns of different collations',
    fires: ['database-mixed-collations'],
    unlike: ['database-unknown-collation'],
    sql: 'SELECT * FROM people JOIN rooms ON people.name = rooms.name',
  },
  {
    title: 'TLS to a server that has none',
    fires: ['database-no-tls'],
    unlike: ['otlp-tls-to-plain', 'connection-refused'],
    settings: { ssl: { rejectUnauthorized: false } },
  },
  {
    title: 'a picture larger than a packet may be',
    fires: ['database-packet-too-large'],
    unlike: ['otlp-too-large'],
    sql: `SELECT '${'x'.repeat(1_200_000)}'`,
  },
  {
    title: 'a connection that was idle for too long',
    fires: ['database-connection-lost'],
    unlike: ['connection-refused'],
    sql: 'SET wait_timeout=1',
    idle: 2_500,
  },
  {
    title: 'a connection that an administrator has ended',
    fires: ['database-connection-lost'],
    unlike: ['connection-refused'],
    sql: 'KILL CONNECTION_ID()',
  },
  {
    title: 'all is well',
    fires: [],
    unlike: ['database-password-wrong', 'database-missing'],
    sql: 'SELECT 1',
  },
];

async function recordingOf(
  { title, fires, unlike = [], settings = {}, sql = 'SELECT 1', idle = 0 }: Asked,
  driver: string,
): Promise<Recording> {
  const login = {
    host: '127.0.0.1',
    port: 3306,
    user: 'board',
    password: 'right',
    database: 'board',
    ...settings,
  };
  const connect = `require('${driver === 'mysql2' ? 'mysql2/promise' : 'mariadb'}').createConnection`;
  const isLong = sql.length > 1_000;
  writeFileSync(
    join(app, 'main.js'),
    `const sql = ${isLong ? '"SELECT \'" + \'x\'.repeat(2e6) + "\'"' : JSON.stringify(sql)};
const later = require('node:timers/promises').setTimeout;
${connect}(${JSON.stringify(login)}).then(async (database) => {
  database.on('error', console.error);
  await database.query(sql);
  ${idle === 0 ? '' : `await later(${idle}); await database.query('SELECT 1');`}
  await database.end();
}).catch((error) => { console.error(error); process.exit(1); });
`,
  );
  const text = await outputOf(nodeProgram, ['main.js'], { cwd: app, timeout: 30_000 });
  return { title: `${driver}: ${title}`, fires, unlike, text: shortened(text) };
}

/** A statement of a megabyte stands in the error that it caused. */
function shortened(text: string): string {
  return text.replaceAll(/x{100,}/g, 'x'.repeat(100));
}

async function client(
  title: string,
  fires: readonly string[],
  args: readonly string[],
  unlike: readonly string[] = [],
): Promise<Recording> {
  const text = await outputOf(programAt('mariadb'), ['--no-defaults', '--host=127.0.0.1', ...args], {
    env: { LD_LIBRARY_PATH: libraries },
  });
  return { title: `mariadb: ${title}`, fires, unlike, text };
}

const board = ['--user=board', '--password=right', 'board'];

function byClient(): Promise<readonly Recording[]> {
  return Promise.all([
    client('another password', ['database-password-wrong'], ['--user=board', '--password=wrong']),
    client(
      'an account without a grant',
      ['database-no-grant'],
      ['--user=guest', '--password=right', 'board'],
    ),
    client(
      'a plug-in that the client cannot load',
      ['database-auth-plugin'],
      [...['--user=signed', '--password=right', '--plugin-dir=/usr/lib/mysql/plugin', '--execute=SELECT 1']],
      ['database-password-wrong'],
    ),
    client(
      'nothing listens there',
      ['connection-refused'],
      ['--port=3999', ...board],
      ['database-connection-lost'],
    ),
    client('TLS is demanded', ['database-no-tls'], ['--ssl', '--ssl-verify-server-cert', ...board]),
    client(
      'a dump of MySQL 8',
      ['database-unknown-collation'],
      [...board, '--execute=ALTER DATABASE board COLLATE utf8mb4_0900_ai_ci'],
    ),
  ]);
}

async function pluginRefused(): Promise<readonly Recording[]> {
  const settings = { user: 'signed' };
  const one = { title: 'a plug-in that the driver does not know', fires: ['database-auth-plugin'], settings };
  return [await recordingOf({ ...one, unlike: ['database-password-wrong'] }, 'mysql2')];
}

async function crowded(): Promise<readonly Recording[]> {
  const holder = `const all = Array.from({ length: 12 }, () => require('mysql2/promise').createConnection({ host: '127.0.0.1', user: 'board', password: 'right' }));
Promise.all(all).catch((error) => { console.error(error); process.exit(1); });`;
  writeFileSync(join(app, 'main.js'), holder);
  const text = await outputOf(nodeProgram, ['main.js'], { cwd: app });
  return [
    {
      title: 'mysql2: a pool that is too large',
      fires: ['database-too-many-connections'],
      unlike: ['database-password-wrong'],
      text,
    },
  ];
}

/** A second server on the same files: what it writes until it gives up. */
async function second(): Promise<Recording> {
  const text = await outputOf(programAt('mariadbd'), [...flags(3307), '--innodb-use-native-aio=0'], {
    env: { LD_LIBRARY_PATH: libraries },
    timeout: 20_000,
  });
  return {
    title: 'mariadbd: two servers on one volume',
    fires: ['database-files-locked'],
    unlike: ['disk-full'],
    text,
  };
}

async function ofOneServer(version: string): Promise<void> {
  const small = [
    '--max-connections=10',
    '--max-allowed-packet=1M',
    '--plugin-load-add=auth_ed25519',
    `--plugin-dir=${join(places.debian, 'usr/lib/mysql/plugin')}`,
  ];
  const server = await Server.start(3306, small);
  execFileSync(programAt('mariadb'), ['--no-defaults', '--socket=/srv/mysql-3306.sock', '--user=root'], {
    input: accounts,
    env: { ...process.env, LD_LIBRARY_PATH: libraries },
  });
  const ofMysql2 = await inTurn(asked, (one) => recordingOf(one, 'mysql2'));
  const ofMariadb = await inTurn(asked, (one) => recordingOf(one, 'mariadb'));
  const drivers = [...ofMysql2, ...ofMariadb];
  const others = [...(await pluginRefused()), ...(await crowded()), ...(await byClient()), await second()];
  execFileSync(programAt('mariadb'), ['--no-defaults', '--socket=/srv/mysql-3306.sock', '--user=root'], {
    input:
      "DELETE FROM mysql.global_priv WHERE Host <> 'localhost'; FLUSH PRIVILEGES; SELECT User, Host FROM mysql.global_priv;",
    stdio: ['pipe', 'inherit', 'inherit'],
    env: { ...process.env, LD_LIBRARY_PATH: libraries },
  });
  const stranger: Asked = {
    title: 'no account is for this host',
    fires: ['database-host-not-allowed'],
    unlike: ['database-password-wrong'],
  };
  const strangers = await inTurn(['mysql2', 'mariadb'], (driver) => recordingOf(stranger, driver));
  await server.close();
  const versions = ['mysql2', 'mariadb'].map((name) => `${name} ${versionOf(name)}`).join(' and ');
  writeRecordings(
    `mariadb-${version}/clients.txt`,
    `${versions} for Node and MariaDB's own client, from MariaDB ${version}`,
    [...drivers, ...others, ...strangers],
  );
}

function versionOf(name: string): string {
  const text = readFileSync(join(places.npm, 'node_modules', name, 'package.json'), 'utf8');
  return (JSON.parse(text) as { readonly version: string }).version;
}

/** MariaDB and its clients, each refusing the other in every way that a cause tells of. */
export async function record(): Promise<void> {
  rmSync(app, { recursive: true, force: true });
  mkdirSync(app, { recursive: true });
  cpSync(join(places.npm, 'node_modules'), join(app, 'node_modules'), { recursive: true });
  chmodSync(app, 0o755);
  install();
  const told = execFileSync(programAt('mariadbd'), ['--no-defaults', '--version'], {
    encoding: 'utf8',
    env: { ...process.env, LD_LIBRARY_PATH: libraries },
  });
  await ofOneServer(/Ver (\d+\.\d+\.\d+)/.exec(told)?.[1] ?? 'unknown');
}
