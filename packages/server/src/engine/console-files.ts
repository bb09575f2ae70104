import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { extname, join, relative, sep } from 'node:path';
import { gzipSync } from 'node:zlib';

/** One built file of the console, ready to send. */
interface ConsoleFile {
  readonly bytes: Buffer;
  readonly gzip: Buffer | undefined;
  readonly type: string;
  readonly etag: string;
  /** Named by its content's hash, so that it may be kept for ever. */
  readonly immutable: boolean;
}

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.json': 'application/json',
  '.webmanifest': 'application/manifest+json',
  '.woff2': 'font/woff2',
};

/** Nothing from elsewhere, nothing inline, no framing: what telemetry says can never become code. */
const contentSecurityPolicy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; " +
  "manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/**
 * Serves the built console from memory: every path is a look-up in a map that was filled at start, so no request can
 * name a file. Paths without a dot are the console's own routes and get its page.
 */
export function createConsole(
  directory: string,
): (request: IncomingMessage, response: ServerResponse) => void {
  const files = readFiles(directory);
  return (request, response) => {
    if (request.method !== 'GET' && request.method !== 'HEAD')
      return answer(response, 405, 'only GET and HEAD here\n');
    const path = pathOf(request);
    const file = files.get(path) ?? (extname(path) === '' ? files.get('/index.html') : undefined);
    if (file !== undefined) return send(request, response, file);
    return answer(response, 404, files.size === 0 ? notBuilt : 'there is nothing at this path\n');
  };
}

const notBuilt = 'the console is not built: run npm run build -w @maru/console, then restart\n';

function readFiles(directory: string): ReadonlyMap<string, ConsoleFile> {
  return new Map(
    listFiles(directory).map((path) => {
      const key = `/${relative(directory, path).split(sep).join('/')}`;
      return [key, readConsoleFile(path, key)] as const;
    }),
  );
}

function listFiles(directory: string): readonly string[] {
  try {
    return readdirSync(directory, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name));
  } catch {
    return [];
  }
}

function readConsoleFile(path: string, key: string): ConsoleFile {
  const bytes = readFileSync(path);
  const type = types[extname(path)] ?? 'application/octet-stream';
  return {
    bytes,
    gzip: /^(text|application|image\/svg)/.test(type) ? gzipSync(bytes) : undefined,
    type,
    etag: `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 22)}"`,
    immutable: key.startsWith('/assets/'),
  };
}

function pathOf(request: IncomingMessage): string {
  const path = (request.url ?? '/').split('?', 1)[0] ?? '/';
  return path === '/' ? '/index.html' : path;
}

function send(request: IncomingMessage, response: ServerResponse, file: ConsoleFile): void {
  response.setHeader('content-security-policy', contentSecurityPolicy);
  response.setHeader('x-content-type-options', 'nosniff');
  response.setHeader('referrer-policy', 'no-referrer');
  response.setHeader('cache-control', file.immutable ? 'public, max-age=31536000, immutable' : 'no-cache');
  response.setHeader('etag', file.etag);
  response.setHeader('vary', 'accept-encoding');
  if (request.headers['if-none-match'] === file.etag) {
    response.writeHead(304).end();
    return;
  }
  sendBody(request, response, file);
}

function sendBody(request: IncomingMessage, response: ServerResponse, file: ConsoleFile): void {
  const gzip = /\bgzip\b/.test(request.headers['accept-encoding'] ?? '') ? file.gzip : undefined;
  const body = gzip ?? file.bytes;
  if (gzip !== undefined) response.setHeader('content-encoding', 'gzip');
  response.writeHead(200, { 'content-type': file.type, 'content-length': body.length });
  response.end(request.method === 'HEAD' ? undefined : body);
}

function answer(response: ServerResponse, status: number, sentence: string): void {
  response.writeHead(status, {
    'content-type': 'text/plain; charset=utf-8',
    'x-content-type-options': 'nosniff',
  });
  response.end(sentence);
}
