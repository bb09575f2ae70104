/** The database cannot be used just now; answered with 503. `reason` is safe to log and to put on spans. */
export class DatabaseUnavailable extends Error {
  override readonly name = 'DatabaseUnavailable';
  readonly reason: string;

  constructor(reason: string) {
    super(`the database cannot be used now: ${reason}`);
    this.reason = reason;
  }
}

const connectionLostCodes: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOENT', // the server's local socket is not there
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EPIPE',
  'ETIMEDOUT',
  'PROTOCOL_CONNECTION_LOST',
  'PROTOCOL_SEQUENCE_TIMEOUT',
  'ER_SERVER_SHUTDOWN',
  'ER_CON_COUNT_ERROR',
  'ER_ACCESS_DENIED_ERROR',
  'ER_BAD_DB_ERROR',
  'ER_CONNECTION_KILLED',
  'ER_QUERY_INTERRUPTED',
]);

/** The code of an error from mysql2 or the network, such as `ECONNREFUSED`; `unknown` when it carries none. */
export function codeOf(error: unknown): string {
  if (typeof error !== 'object' || error === null || !('code' in error)) return 'unknown';
  return typeof error.code === 'string' ? error.code : 'unknown';
}

/** Turns what mysql2 throws when the server is away into `DatabaseUnavailable`; leaves every other error as it is. */
export function translate(error: unknown): unknown {
  if (error instanceof DatabaseUnavailable) return error;
  const code = codeOf(error);
  const closed = error instanceof Error && /closed state|Pool is closed/.test(error.message);
  return connectionLostCodes.has(code) || closed ? new DatabaseUnavailable(closed ? 'CLOSED' : code) : error;
}
