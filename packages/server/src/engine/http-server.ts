import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer, type Server as TlsServer } from 'node:https';
import type { Serve } from '@maru/api';
import { clientCertificateOptions, secureContextOptions } from '@maru/receive';
import type { TlsFiles } from '../settings.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';
import { handshakeReport } from '../tls/handshake-report.ts';
import { TlsRenewal } from '../tls/renewal.ts';
import { createHostCheck } from './host-check.ts';

export interface QueryServerOptions {
  readonly host: string;
  readonly port: number;
  readonly tls?: TlsFiles;
  readonly api: Serve;
  readonly console: (request: IncomingMessage, response: ServerResponse) => void;
  readonly telemetry: Telemetry;
}

/** The running server. */
export interface QueryServer {
  /** Takes nothing new; requests under way go on. */
  readonly stop: () => Promise<void>;
  readonly closeAllConnections: () => void;
}

const limits = { headersTimeout: 10_000, requestTimeout: 30_000 };

/** Serves the query APIs and, for every other path, the console. Resolves when it listens. */
export async function listenForQueries(options: QueryServerOptions): Promise<QueryServer> {
  if (options.tls !== undefined) return listenWithTls(options, options.tls);
  const server = createServer(limits, listener(options));
  await listen(server, options);
  return running(server);
}

async function listenWithTls(options: QueryServerOptions, files: TlsFiles): Promise<QueryServer> {
  const say = (sentence: string): void => console.error(sentence);
  let server: TlsServer | undefined;
  const { material, renewal } = await TlsRenewal.start(files, {
    renewed: (renewed) => server?.setSecureContext(secureContextOptions(renewed)),
    say,
  });
  server = createTlsServer(
    { ...limits, ...secureContextOptions(material), ...clientCertificateOptions(material) },
    listener(options),
  );
  server.on('tlsClientError', handshakeReport(say));
  await listen(server, options);
  return running(server, renewal);
}

function running(server: Server | TlsServer, renewal?: TlsRenewal): QueryServer {
  return {
    stop: async () => {
      await renewal?.close();
      server.close();
      server.closeIdleConnections();
    },
    closeAllConnections: () => server.closeAllConnections(),
  };
}

function listener(options: QueryServerOptions): (request: IncomingMessage, response: ServerResponse) => void {
  const isForUs = createHostCheck(options.host);
  return (request, response) => {
    if (!isForUs(request, response)) return;
    serve(options, request, response).catch(() => response.destroy());
  };
}

function listen(server: Server | TlsServer, options: QueryServerOptions): Promise<void> {
  server.maxConnections = 1_000;
  return new Promise((resolve, reject) => {
    server.once('error', (error) => reject(listenError(options, error)));
    server.listen(options.port, options.host, resolve);
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
