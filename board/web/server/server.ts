import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type Files, serveFile } from './files.ts';
import { type Forward, proxyTo, refuse } from './proxy.ts';
import type { Settings } from './settings.ts';

/** The only OTLP paths that browsers may reach. */
const otlpPath = /^\/otlp(\/v1\/(?:traces|logs|metrics))$/;

/** Makes the server: built files, `/api/` to the API, `/otlp/` to the OTLP endpoint. It does not listen yet. */
export function webServer(settings: Settings, files: Files): Server {
  const toApi = proxyTo({
    name: 'the API',
    url: settings.apiUrl,
    longestBodyBytes: 64 * 1024,
    mostAtOnce: 256,
    timeoutMillis: 30_000,
    headers: {},
    withheld: new Set(),
  });
  const toOtlp = proxyTo({
    name: 'the OTLP endpoint',
    url: settings.otlpUrl,
    longestBodyBytes: 1024 * 1024,
    mostAtOnce: 64,
    timeoutMillis: 10_000,
    headers: settings.otlpHeaders,
    // The telemetry backend has no business with the session.
    withheld: new Set(['cookie', 'authorization', 'referer', 'origin']),
  });
  const server = createServer({ requestTimeout: 30_000, headersTimeout: 10_000 }, (request, response) =>
    route(request, response, files, toApi, toOtlp),
  );
  server.maxHeadersCount = 100;
  return server;
}

function route(
  request: IncomingMessage,
  response: ServerResponse,
  files: Files,
  toApi: Forward,
  toOtlp: Forward,
): void {
  const target = request.url ?? '/';
  if (target.startsWith('/api/')) toApi(request, response, target);
  else if (target.startsWith('/otlp/')) routeOtlp(request, response, target, toOtlp);
  else if (target === '/healthz') sendHealthy(response);
  else if (request.method === 'GET' || request.method === 'HEAD') serveFile(files, request, response);
  else refuseMethod(response, 'GET, HEAD');
}

function routeOtlp(
  request: IncomingMessage,
  response: ServerResponse,
  target: string,
  toOtlp: Forward,
): void {
  const path = otlpPath.exec(target)?.[1];
  if (path === undefined) refuse(response, 404, 'there is no such OTLP path');
  else if (request.method === 'POST') toOtlp(request, response, path);
  else refuseMethod(response, 'POST');
}

function refuseMethod(response: ServerResponse, allowed: string): void {
  response.setHeader('allow', allowed);
  refuse(response, 405, `only ${allowed} is served here`);
}

function sendHealthy(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'application/json' }).end('{"status":"ok"}');
}
