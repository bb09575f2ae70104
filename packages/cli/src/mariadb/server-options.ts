import { join } from 'node:path';
import type { Installation } from './installation.ts';

/** A database directory of ours and how its server is reached. */
export interface Database {
  readonly installation: Installation;
  /** Holds MariaDB's files. */
  readonly dataDir: string;
  /** Loopback only. */
  readonly port: number;
}

/**
 * MariaDB for a message board on a laptop: 75 MB resident after start where the defaults take 120 MB. What is
 * committed is given to the system at once and flushed every second: a crash of the server loses nothing, one of the
 * machine a second.
 */
const small = [
  '--innodb-buffer-pool-size=32M',
  '--innodb-log-file-size=16M',
  '--innodb-log-buffer-size=2M',
  '--innodb-flush-log-at-trx-commit=2',
  '--key-buffer-size=1M',
  '--aria-pagecache-buffer-size=1M',
  '--performance-schema=OFF',
  '--max-connections=60',
  '--table-open-cache=200',
];

/** Options that both the running server and the bootstrap need. No file of the machine's is read. */
export function commonOptions({
  installation,
  dataDir,
}: Pick<Database, 'installation' | 'dataDir'>): readonly string[] {
  const { shareDir } = installation;
  return [
    '--no-defaults',
    `--datadir=${dataDir}`,
    `--lc-messages-dir=${shareDir}`,
    `--character-sets-dir=${join(shareDir, 'charsets')}`,
    '--character-set-server=utf8mb4',
    '--collation-server=utf8mb4_unicode_ci',
    ...small,
    // mariadbd refuses to run as root unless told so; in a container there is often nobody else.
    ...(process.getuid?.() === 0 ? ['--user=root'] : []),
  ];
}

/** Options of the running server. Names that stand alone are taken within the data directory. */
export function serverOptions(database: Database): readonly string[] {
  return [
    ...commonOptions(database),
    `--port=${database.port}`,
    '--bind-address=127.0.0.1',
    '--socket=mariadb.sock',
    '--pid-file=mariadb.pid',
    '--skip-name-resolve',
    '--skip-log-bin',
    '--skip-slave-start',
  ];
}
