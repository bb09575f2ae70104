import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { answer, type Running, serveHttp } from './servers.ts';

/** Who may read; `bearer` sends to a token server of its own, as Docker Hub does. Pushing is open to all. */
export type RegistryAccess = 'open' | 'basic' | 'bearer';

/** The user and password that the guarded ones know, as `docker login` writes them. */
export const registryLogin: string = Buffer.from('someone:p4ssw0rd-of-mine').toString('base64');
const token = 'token-for-pull';

interface Stored {
  readonly type: string;
  readonly body: Buffer;
}

/** As much of the registry protocol (HTTP API v2) as pushing and reading an image takes. */
export function serveRegistry(access: RegistryAccess = 'open'): Promise<Running> {
  const stored = new Map<string, Stored>();
  return serveHttp(async (request, response) => {
    const url = new URL(request.url ?? '/', `http://${request.headers.host}`);
    if (url.pathname === '/token') return giveToken(request, response, url);
    const isRead = request.method === 'GET';
    if (isRead && !mayRead(access, request)) return challenge(access, response, url);
    if (isRead) return read(stored, response, url.pathname);
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part);
    return write(stored, request, response, url, Buffer.concat(parts));
  });
}

function mayRead(access: RegistryAccess, { headers }: IncomingMessage): boolean {
  if (access === 'open') return true;
  return headers.authorization === (access === 'basic' ? `Basic ${registryLogin}` : `Bearer ${token}`);
}

function challenge(access: RegistryAccess, response: ServerResponse, url: URL): void {
  const bearer = `Bearer realm="${url.origin}/token",service="test",scope="repository:app:pull"`;
  const asked = access === 'basic' ? 'Basic realm="test"' : bearer;
  answer(response, 401, { 'www-authenticate': asked }, '{"errors":[{"code":"UNAUTHORIZED"}]}');
}

function giveToken({ headers }: IncomingMessage, response: ServerResponse, url: URL): void {
  const isAsked = url.searchParams.get('service') === 'test' && url.searchParams.has('scope');
  if (isAsked && headers.authorization === `Basic ${registryLogin}`) {
    answer(response, 200, {}, JSON.stringify({ token }));
  } else answer(response, 401);
}

function read(stored: ReadonlyMap<string, Stored>, response: ServerResponse, path: string): void {
  const found = path === '/v2/' ? welcome : stored.get(path);
  if (found === undefined) answer(response, 404, {}, unknown(stored, path));
  else answer(response, 200, { 'content-type': found.type }, found.body);
}

const welcome: Stored = { type: 'application/json', body: Buffer.from('{}') };

function unknown(stored: ReadonlyMap<string, Stored>, path: string): string {
  const isKnown = [...stored.keys()].some((key) => key.startsWith(path.replace(/\/manifests\/.*/, '/')));
  const code = isKnown ? 'MANIFEST_UNKNOWN' : 'NAME_UNKNOWN';
  return JSON.stringify({ errors: [{ code }] });
}

function write(
  stored: Map<string, Stored>,
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
  body: Buffer,
): void {
  if (request.method === 'POST') {
    answer(response, 202, { location: `${url.pathname}1` });
    return;
  }
  const digest = digestOf(body);
  const type = request.headers['content-type'] ?? 'application/octet-stream';
  const folder = url.pathname.replace(/(?:uploads\/)?[^/]+$/, '');
  stored.set(folder + digest, { type, body });
  if (folder.endsWith('/manifests/')) stored.set(url.pathname, { type, body });
  answer(response, 201);
}

export function digestOf(bytes: Uint8Array): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}
