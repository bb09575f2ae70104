import type { ConnectionOptions } from 'mysql2/promise';
import { SettingsError } from '../settings.ts';

/** The part of mysql2's options that says where the server is and who we are. */
export type DatabaseAddress = Pick<
  ConnectionOptions,
  'host' | 'port' | 'socketPath' | 'user' | 'password' | 'database'
>;

/**
 * Reads `mysql://user:password@host:port/database`, or with `?socketPath=/path` a local socket.
 * @throws SettingsError when it is not such an address; the message does not repeat it, for it holds a password.
 */
export function parseDatabaseUrl(text: string): DatabaseAddress {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const database = url === undefined ? '' : decodeURIComponent(url.pathname.slice(1));
  if (url?.protocol !== 'mysql:' || !/^[\w$-]{1,64}$/.test(database)) throw unusable();
  const socketPath = url.searchParams.get('socketPath');
  return {
    user: decodeURIComponent(url.username) || 'root',
    password: decodeURIComponent(url.password),
    database,
    ...(socketPath ? { socketPath } : { host: url.hostname, port: Number(url.port || 3306) }),
  };
}

function unusable(): SettingsError {
  return new SettingsError(
    'cannot use BOARD_DATABASE_URL: write mysql://user:password@host:port/database, or mysql://user@localhost/database?socketPath=/path/to/socket',
  );
}
