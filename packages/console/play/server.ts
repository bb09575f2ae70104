import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { extname, join, normalize } from 'node:path';
import * as answers from './answers.ts';
import { doctor } from './doctor.ts';
import { playWorld, type World } from './world.ts';

/** The policy under which the console must work: nothing inline, nothing from elsewhere. */
const policy =
  "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; frame-ancestors 'none'";
const dist = join(import.meta.dirname, '..', 'dist');
const types: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
};

/**
 * `npm run play`: the built console on made-up telemetry, for looking at pages without a stack. Development only.
 * `PLAY_PORT` (13100) is where; `PLAY_EMPTY=1` plays a stack that nothing has reached yet.
 */
const port = Number(process.env.PLAY_PORT ?? 13_100);
const isEmpty = process.env.PLAY_EMPTY === '1';
const world: World = isEmpty ? { traces: [], logs: [] } : playWorld(Date.now());

const routes: readonly (readonly [RegExp, (query: URLSearchParams, path: readonly string[]) => object])[] = [
  [/^\/api\/maru\/services$/, (query) => answers.services(world, query)],
  [
    /^\/api\/maru\/status$/,
    () => ({ version: '0.1.0', startedUnixNano: '0', otlpHttpPort: 4318, otlpGrpcPort: 4317 }),
  ],
  [/^\/api\/maru\/doctor$/, () => doctor(isEmpty)],
  [/^\/api\/ledger$/, () => answers.ledger(world, isEmpty)],
  [/^\/api\/search$/, (query) => answers.search(world, query)],
  [/^\/api\/v2\/search\/tags$/, () => answers.tagNames()],
  [
    /^\/api\/v2\/search\/tag\/(.+)\/values$/,
    (query, [tag = '']) => answers.tagValues(world, decodeURIComponent(tag), query),
  ],
  [/^\/api\/v2\/traces\/([0-9a-f]+)$/, (_query, [id = '']) => answers.traceById(world, id)],
  [/^\/api\/v1\/query_range$/, (query) => answers.matrix(query)],
  [/^\/api\/v1\/metadata$/, () => answers.metricMetadata()],
  [/^\/api\/v1\/labels$/, () => answers.labelNames()],
  [/^\/api\/v1\/label\/__name__\/values$/, () => answers.metricNames()],
  [/^\/loki\/api\/v1\/query_range$/, (query) => answers.logs(world, query)],
  [
    /^\/loki\/api\/v1\/label\/[^/]+\/values$/,
    () => ({ status: 'success', data: ['board-api', 'board-web'] }),
  ],
];

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://play');
  for (const [pattern, make] of routes) {
    const match = pattern.exec(url.pathname);
    if (match) return sendJson(response, make(url.searchParams, match.slice(1)));
  }
  return sendFile(response, url.pathname);
}

function sendJson(response: ServerResponse, body: object): void {
  const failure = 'failure' in body ? String(body.failure) : undefined;
  const status = failure || ('status' in body && body.status === 'error') ? 400 : 200;
  response.writeHead(status, { 'content-type': failure ? 'text/plain' : 'application/json' });
  response.end(failure ?? JSON.stringify(body));
}

/** A built file, else the page itself: its router reads the address. */
async function sendFile(response: ServerResponse, path: string): Promise<void> {
  const file = normalize(path).replace(/^(?:\.\.[/\\])+/, '');
  const name = extname(file) === '' ? 'index.html' : file;
  try {
    const body = await readFile(join(dist, name));
    response.writeHead(200, {
      'content-type': types[extname(name)] ?? 'application/octet-stream',
      'content-security-policy': policy,
    });
    response.end(body);
  } catch {
    response.writeHead(404).end('not found');
  }
}

createServer((request, response) => void answer(request, response)).listen(port, '127.0.0.1', () => {
  console.log(`The console on made-up telemetry: http://localhost:${port}`);
});
