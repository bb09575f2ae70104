import type { IncomingMessage } from 'node:http';
import { gunzipSync } from 'node:zlib';

/** A request to the HTTP interface, as far as statements go. */
export interface StatementRequest {
  /** The statement; its data, if it has any, behind the first line that ends with `FORMAT <name>`. */
  readonly statement: Buffer;
  readonly queryId: string | undefined;
  readonly sessionId: string | undefined;
  readonly database: string | undefined;
  readonly format: string | undefined;
  /** Settings of this statement alone, and `param_…`. */
  readonly settings: ReadonlyMap<string, string>;
  readonly waitsForTheEnd: boolean;
}

/** Parameters of the interface itself; all others are settings. */
const ownParameters: ReadonlySet<string> = new Set([
  'query',
  'query_id',
  'session_id',
  'session_timeout',
  'session_check',
  'database',
  'default_format',
  'user',
  'password',
  'role',
  'wait_end_of_query',
  'enable_http_compression',
  'send_progress_in_http_headers',
  'http_write_exception_in_output_format',
]);

/** As ClickHouse puts a statement together: the `query` parameter, a line break, the body. */
export async function readRequest(request: IncomingMessage): Promise<StatementRequest> {
  const { searchParams } = addressOf(request);
  const body = await bodyOf(request);
  const query = searchParams.get('query');
  const header = (name: string): string | undefined => {
    const value = request.headers[name];
    return Array.isArray(value) ? value[0] : value;
  };
  return {
    statement: query === null ? body : Buffer.concat([Buffer.from(`${query}\n`), body]),
    queryId: searchParams.get('query_id') ?? undefined,
    sessionId: searchParams.get('session_id') ?? undefined,
    database: searchParams.get('database') ?? header('x-clickhouse-database'),
    format: searchParams.get('default_format') ?? header('x-clickhouse-format'),
    settings: new Map([...searchParams].filter(([name]) => !ownParameters.has(name))),
    waitsForTheEnd: searchParams.get('wait_end_of_query') === '1',
  };
}

export function addressOf(request: IncomingMessage): URL {
  return new URL(request.url ?? '/', 'http://fixture');
}

/** Who asks, by Basic authentication, ClickHouse's own headers or parameters. */
export function credentialsOf(request: IncomingMessage): {
  readonly user: string;
  readonly password: string;
} {
  const basic = /^Basic (.+)$/.exec(request.headers.authorization ?? '')?.[1];
  if (basic !== undefined) {
    const text = Buffer.from(basic, 'base64').toString();
    return { user: text.slice(0, text.indexOf(':')), password: text.slice(text.indexOf(':') + 1) };
  }
  const { searchParams } = addressOf(request);
  return {
    user: String(request.headers['x-clickhouse-user'] ?? searchParams.get('user') ?? 'default'),
    password: String(request.headers['x-clickhouse-key'] ?? searchParams.get('password') ?? ''),
  };
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece as Buffer);
  const body = Buffer.concat(pieces);
  return request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body;
}
