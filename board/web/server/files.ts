import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { extname, join, relative, sep } from 'node:path';
import { gzipSync } from 'node:zlib';

/** The built front end, held in memory: a few hundred kilobytes, compressed once. */
export type Files = ReadonlyMap<string, StaticFile>;

interface StaticFile {
  readonly type: string;
  readonly body: Buffer;
  readonly gzipped: Buffer | undefined;
  readonly etag: string;
  readonly cacheControl: string;
}

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.json': 'application/json',
  '.map': 'application/json',
  '.ico': 'image/x-icon',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
};

const compressible = /^text\/|json|svg/;

/** Script only from here, no frames, no forms elsewhere. React sets inline styles, hence `style-src`. */
const contentSecurityPolicy =
  "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'";

/** The paths that the front end's router knows; every other page is answered with 404 (and the same document). */
const pages = /^\/(login|register|admin|new|messages\/\d+(\/edit)?)?$/;

/**
 * Reads every file under `directory`. Requests are looked up in this table and never turned into file names, so no
 * path can lead out of it.
 * @throws when the directory cannot be read or holds no index.html.
 */
export function readFiles(directory: string): Files {
  const names = readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(directory, join(entry.parentPath, entry.name)));
  const files = new Map(names.map((name) => [`/${name.split(sep).join('/')}`, readFile(directory, name)]));
  if (files.has('/index.html')) return files;
  throw new Error(`there is no index.html in ${directory}`);
}

/** Answers a GET or HEAD request from the table. */
export function serveFile(files: Files, request: IncomingMessage, response: ServerResponse): void {
  const path = (request.url ?? '/').split('?', 1)[0] ?? '/';
  const file = path === '/index.html' ? undefined : files.get(path);
  if (file) send(file, 200, request, response);
  else sendPage(files, pages.test(path) ? 200 : 404, request, response);
}

function sendPage(files: Files, status: number, request: IncomingMessage, response: ServerResponse): void {
  const index = files.get('/index.html');
  if (index) send(index, status, request, response);
}

function send(file: StaticFile, status: number, request: IncomingMessage, response: ServerResponse): void {
  response.setHeader('etag', file.etag);
  response.setHeader('cache-control', file.cacheControl);
  response.setHeader('vary', 'accept-encoding');
  response.setHeader('x-content-type-options', 'nosniff');
  response.setHeader('referrer-policy', 'same-origin');
  response.setHeader('content-security-policy', contentSecurityPolicy);
  if (status === 200 && request.headers['if-none-match'] === file.etag) {
    response.writeHead(304).end();
    return;
  }
  const gzipped = /\bgzip\b/.test(request.headers['accept-encoding'] ?? '') ? file.gzipped : undefined;
  const body = gzipped ?? file.body;
  if (gzipped) response.setHeader('content-encoding', 'gzip');
  response.writeHead(status, { 'content-type': file.type, 'content-length': body.length });
  response.end(request.method === 'HEAD' ? undefined : body);
}

function readFile(directory: string, name: string): StaticFile {
  const body = readFileSync(join(directory, name));
  const type = types[extname(name)] ?? 'application/octet-stream';
  return {
    type,
    body,
    gzipped: compressible.test(type) && body.length > 1_024 ? gzipSync(body, { level: 9 }) : undefined,
    etag: `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`,
    // Vite names what it builds by content, so it never changes under its name.
    cacheControl: name.startsWith(`assets${sep}`) ? 'public, max-age=31536000, immutable' : 'no-cache',
  };
}
