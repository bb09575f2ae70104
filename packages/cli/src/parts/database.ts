import type { ChildSpec } from '@maru/server/supervise';
import { databaseUrl, greets, obtain, openDatabase, serverOptions, waysHere } from '../mariadb/index.ts';
import type { Tell } from '../terminal/progress.ts';

/** A MariaDB for the Board, found and prepared, not started yet. */
export interface PreparedDatabase {
  readonly url: string;
  /** Undefined when somebody else runs the server (`BOARD_DATABASE_URL`). */
  readonly server: ChildSpec | undefined;
}

/** Finds or gets a MariaDB server, and makes its directory when it is new. Throws a `UserError` when that fails. */
export async function prepareDatabase(dir: string, port: number, tell: Tell): Promise<PreparedDatabase> {
  const existing = process.env.BOARD_DATABASE_URL;
  if (existing) return { url: existing, server: undefined };
  const installation = await obtain(waysHere(), tell);
  const { dataDir, password } = await openDatabase(dir, installation);
  const server: ChildSpec = {
    name: 'mariadb',
    command: installation.mariadbd,
    args: serverOptions({ installation, dataDir, port }),
    readiness: { kind: 'probe', isReady: () => greets(port) },
    terminal: 'errors',
  };
  return { url: databaseUrl(password, port), server };
}
