import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Serve } from '@maru/api';
import type { Telemetry } from '../telemetry/telemetry.ts';
import { createHostCheck } from './host-check.ts';

export interface QueryServerOptions {
  readonly host: string;
  readonly port: number;
  readonly api: Serve;
  readonly console: (request: IncomingMessage, response: ServerResponse) => void;
  readonly telemetry: Telemetry;
}

/** Serves the query APIs and, for every other path, the console. Resolves when it listens. */
export function listenForQueries(options: QueryServerOptions): Promise<Server> {
  const isForUs = createHostCheck(options.host);
  const server = createServer({ headersTimeout: 10_000, requestTimeout: 30_000 }, (request, response) => {
    if (!isForUs(request, response)) return;
    serve(options, request, response).catch(() => response.destroy());
  });
  server.maxConnections = 1_000;
  return new Promise((resolve, reject) => {
    server.once('error', (error) => reject(listenError(options, error)));
    server.listen(options.port, options.host, () => resolve(server));
  });
}

async function serve(
  options: QueryServerOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  observe(options.telemetry, request, response);
  if (await options.api(request, response)) return;
  options.console(request, response);
}

/** Probes and scrapes are left out: they come every few seconds and tell nothing. */
const unobserved: ReadonlySet<string> = new Set(['/ready', '/live', '/metrics', '/api/ledger']);

function observe(telemetry: Telemetry, request: IncomingMessage, response: ServerResponse): void {
  const path = (request.url ?? '/').split('?', 1)[0] ?? '/';
  if (unobserved.has(path) || !path.includes('/api/')) return;
  const span = telemetry.request(request.method ?? 'GET', routeOf(path));
  response.once('close', () => span.end(response.statusCode));
}

/** Ids and label names in a path would make a route each. */
function routeOf(path: string): string {
  return path
    .replace(/\/traces\/[^/]+$/, '/traces/{traceId}')
    .replace(/\/label\/[^/]+\/values$/, '/label/{name}/values')
    .replace(/\/tag\/.+\/values$/, '/tag/{tag}/values')
    .slice(0, 100);
}

function listenError({ host, port }: QueryServerOptions, error: NodeJS.ErrnoException): Error {
  const why = error.code === 'EADDRINUSE' ? 'another program listens there' : error.message;
  return new Error(
    `cannot serve the console and the query APIs on ${host}:${port}: ${why}; choose another port with --port-console`,
    { cause: error },
  );
}
