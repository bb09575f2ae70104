import type { IncomingMessage, ServerResponse } from 'node:http';
import type { SessionResponse } from '@maru/api';
import { Refusal } from '@maru/ledger';
import { type KeyCheck, sessionCookie } from '../keys/key-check.ts';
import { sessionSeconds } from '../keys/session-token.ts';

export const sessionPath = '/api/maru/session';

const maxBodyBytes = 4096;

/**
 * Signing in and out of the console: `GET` says whether a key is asked for, `POST {"key": …}` takes one and has the browser keep a
 * cookie that no script can read and no other site can use, `DELETE` takes it away.
 */
export class Session {
  readonly #keys: KeyCheck;
  readonly #cookieEnd: string;

  /** @param isTls whether the console speaks TLS, so that the cookie must never travel without */
  constructor(keys: KeyCheck, isTls: boolean) {
    this.#keys = keys;
    this.#cookieEnd = `Path=/; HttpOnly; SameSite=Strict${isTls ? '; Secure' : ''}`;
  }

  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.setHeader('cache-control', 'no-store');
    if (request.method === 'GET') return this.#state(request, response);
    if (request.method === 'POST') return this.#signIn(request, response);
    if (request.method === 'DELETE') return this.#keep(response, '', 0);
    sendJson(response, 405, { error: 'use GET, POST or DELETE here' });
  }

  async #state(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const required = await this.#keys.asksReaders();
    const signedIn = await this.#keys.reader(request.headers).then(
      () => true,
      () => false,
    );
    sendJson(response, 200, { required, signedIn } satisfies SessionResponse);
  }

  async #signIn(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const key = await keyIn(request);
    if (key === undefined) return sendJson(response, 400, { error: 'send {"key": "…"} as application/json' });
    try {
      this.#keep(response, await this.#keys.signIn(key), sessionSeconds);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      sendJson(response, 401, { error: error.message });
    }
  }

  #keep(response: ServerResponse, token: string, seconds: number): void {
    response.setHeader('set-cookie', `${sessionCookie}=${token}; Max-Age=${seconds}; ${this.#cookieEnd}`);
    response.writeHead(204).end();
  }
}

/** The key that a body holds. A form of another site cannot send this content type. */
async function keyIn(request: IncomingMessage): Promise<string | undefined> {
  if (request.headers['content-type']?.split(';', 1)[0] !== 'application/json') return undefined;
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Uint8Array>) {
    bytes += chunk.length;
    if (bytes > maxBodyBytes) return undefined;
    chunks.push(chunk);
  }
  return keyOf(Buffer.concat(chunks).toString('utf8'));
}

function keyOf(text: string): string | undefined {
  try {
    const body: unknown = JSON.parse(text);
    const isObject = typeof body === 'object' && body !== null && 'key' in body;
    return isObject && typeof body.key === 'string' ? body.key.trim() : undefined;
  } catch {
    return undefined;
  }
}

function sendJson(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
