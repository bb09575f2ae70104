import { spawnSync } from 'node:child_process';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Box, boxed } from '../box.ts';
import { repository } from '../repository.ts';

/** What the official image takes at its first start. */
export interface FirstStart {
  readonly MARIADB_DATABASE: string;
  readonly MARIADB_USER: string;
  readonly MARIADB_PASSWORD: string;
}

/** A MariaDB server of this machine in the place of the official image. */
export interface Server {
  /** Options that the image's build has as its defaults, to stand before the container's arguments. */
  readonly command: readonly string[];
  /** What must be seen inside of the box at its own path. */
  readonly binds: Readonly<Record<string, string>>;
  readonly shareDir: string;
}

/** `MARIADBD`, else the search path, else one unpacked under `.maru`. Undefined when there is none. */
export function findServer(): Server | undefined {
  const candidates = [
    ...(process.env.MARIADBD ? [process.env.MARIADBD] : []),
    ...[...(process.env.PATH ?? '').split(':'), '/usr/sbin'].map((dir) => join(dir, 'mariadbd')),
    ...globSync(`${repository}/.maru/mariadb/unpacked/usr/sbin/mariadbd`),
  ];
  const program = candidates.find((path) => existsSync(path));
  if (program === undefined) return undefined;
  const prefix = dirname(dirname(program));
  const shareDir = join(prefix, 'share/mysql');
  const options = [
    '--no-defaults',
    '--datadir=/data/mysql',
    `--lc-messages-dir=${shareDir}`,
    `--character-sets-dir=${shareDir}/charsets`,
    '--socket=/tmp/mariadb.sock',
    '--pid-file=/tmp/mariadb.pid',
    '--skip-log-bin',
  ];
  return { command: [program, ...options], binds: { [prefix]: prefix }, shareDir };
}

/** Makes the tables, the database and its user in `/data/mysql`, as the image's entry point does. */
export function initialise(server: Server, box: Box, first: FirstStart): void {
  const [program = '', ...args] = boxed({ ...box, binds: { ...box.binds, ...server.binds } }, [
    'sh',
    '-c',
    'mkdir -p /data/mysql && exec "$@"',
    'sh',
    ...server.command,
    '--bootstrap',
  ]);
  const run = spawnSync(program, args, { input: firstSql(server, first), encoding: 'utf8' });
  if (run.status !== 0) throw new Error(`MariaDB did not make its tables: ${run.stderr.slice(-2_000)}`);
}

const systemTables = [
  'mysql_system_tables.sql',
  'mysql_performance_tables.sql',
  'mysql_system_tables_data.sql',
];

function firstSql({ shareDir }: Server, first: FirstStart): string {
  const { MARIADB_DATABASE: database, MARIADB_USER: user, MARIADB_PASSWORD: password } = first;
  return [
    'CREATE DATABASE mysql;',
    'USE mysql;',
    'SET @auth_root_socket=NULL;',
    'SET @skip_auth_anonymous=1;',
    ...systemTables.map((file) => readFileSync(join(shareDir, file), 'utf8')),
    'FLUSH PRIVILEGES;',
    `CREATE DATABASE ${database};`,
    `CREATE USER ${user}@'%' IDENTIFIED BY '${password}';`,
    `GRANT ALL ON ${database}.* TO ${user}@'%';`,
    '',
  ].join('\n');
}
