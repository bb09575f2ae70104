import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';

/** A MariaDB server that can be run. */
export interface Installation {
  /** Absolute path of `mariadbd`. */
  readonly mariadbd: string;
  /** Holds `mysql_system_tables.sql`, `charsets/` and the folders of messages. */
  readonly shareDir: string;
}

/** Where the machine's packages put the server when it is not in PATH (`sbin` is not, for users other than root). */
const usualPlaces = ['/usr/sbin', '/usr/libexec', '/usr/local/sbin', '/usr/local/bin', '/opt/homebrew/bin'];

/** The machine's MariaDB server; undefined when it has none. `MARIADBD` names one that stands elsewhere. */
export function findOnMachine(environment: NodeJS.ProcessEnv = process.env): Installation | undefined {
  const inPath = (environment.PATH ?? '').split(delimiter).filter((dir) => dir !== '');
  const candidates = [...inPath, ...usualPlaces].map((dir) => join(dir, 'mariadbd'));
  const named = environment.MARIADBD;
  return firstInstallation(named === undefined ? candidates : [named, ...candidates]);
}

/** The first of some programs that can be run and has its shared files beside it. */
export function firstInstallation(programs: readonly string[]): Installation | undefined {
  for (const mariadbd of programs) {
    const shareDir = isExecutable(mariadbd) ? shareDirOf(mariadbd) : undefined;
    if (shareDir !== undefined) return { mariadbd, shareDir };
  }
  return undefined;
}

/** Debian's packages say `share/mysql`, others `share/mariadb` or `share` itself. */
function shareDirOf(mariadbd: string): string | undefined {
  const prefix = dirname(dirname(mariadbd));
  const candidates = ['share/mysql', 'share/mariadb', 'share'].map((dir) => join(prefix, dir));
  return candidates.find((dir) => existsSync(join(dir, 'mysql_system_tables.sql')));
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
