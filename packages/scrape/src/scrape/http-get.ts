import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { Agent, type IncomingMessage, request as requestPlain } from 'node:http';
import { request as requestTls, Agent as TlsAgent } from 'node:https';
import type { Authorization, HttpAccess, Secret, TlsAccess } from '../config/http-access.ts';

/** What is asked for, and within which limits. */
export interface GetOptions {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Ends the request, whatever state it is in. */
  readonly signal: AbortSignal;
}

const mostRedirects = 5;

/**
 * Gets from servers that are reached in one way. Secrets and certificates in files are read at each request, as they
 * may be renewed; connections are kept while they stay the same. Whoever makes it closes it.
 */
export class HttpClient {
  readonly #access: HttpAccess;
  #agents: { readonly mark: string; readonly plain: Agent; readonly tls: TlsAgent } | undefined;

  constructor(access: HttpAccess) {
    this.#access = access;
  }

  /** Resolves with the head of the answer; the caller reads or destroys its body. Rejects with one sentence. */
  async get(options: GetOptions): Promise<IncomingMessage> {
    const agents = await this.#agentsNow();
    const authorization = await headerOf(this.#access.authorization);
    const host = new URL(options.url).host;
    let url = options.url;
    for (let left = mostRedirects; left >= 0; left -= 1) {
      // Another host than the one that was meant gets no credentials, as in Go's client.
      const shown = new URL(url).host === host ? authorization : {};
      const response = await send(url, { ...options, headers: { ...options.headers, ...shown } }, agents);
      const location = response.headers.location;
      if (!this.#access.followRedirects || !isRedirect(response.statusCode) || location === undefined)
        return response;
      response.destroy();
      url = redirected(location, url);
    }
    throw new Error(`${options.url} redirects more than ${mostRedirects} times`);
  }

  close(): void {
    this.#agents?.plain.destroy();
    this.#agents?.tls.destroy();
    this.#agents = undefined;
  }

  async #agentsNow(): Promise<{ readonly plain: Agent; readonly tls: TlsAgent }> {
    const material = await readTls(this.#access.tls);
    const mark = createHash('sha256').update(JSON.stringify(material)).digest('hex');
    if (this.#agents?.mark === mark) return this.#agents;
    this.close();
    const keepAlive = { keepAlive: true, maxFreeSockets: 256 };
    this.#agents = { mark, plain: new Agent(keepAlive), tls: new TlsAgent({ ...keepAlive, ...material }) };
    return this.#agents;
  }
}

async function readTls(tls: TlsAccess): Promise<Readonly<Record<string, string | boolean>>> {
  const parts = { ca: tls.ca, cert: tls.certificate, key: tls.key };
  const read = await Promise.all(
    Object.entries(parts).map(
      async ([name, secret]) => [name, secret && (await readSecret(secret))] as const,
    ),
  );
  return {
    ...Object.fromEntries(read.filter((part): part is readonly [string, string] => part[1] !== undefined)),
    ...(tls.serverName === undefined ? {} : { servername: tls.serverName }),
    rejectUnauthorized: !tls.insecure,
    minVersion: 'TLSv1.2',
  };
}

async function headerOf(authorization: Authorization | undefined): Promise<Readonly<Record<string, string>>> {
  if (authorization === undefined) return {};
  if (authorization.kind === 'header')
    return { authorization: `${authorization.type} ${await readSecret(authorization.credentials)}` };
  const pair = `${authorization.username}:${await readSecret(authorization.password)}`;
  return { authorization: `Basic ${Buffer.from(pair).toString('base64')}` };
}

/** A secret's text; the line end that editors put behind it is none of it. */
async function readSecret(secret: Secret): Promise<string> {
  return 'text' in secret ? secret.text : (await readFile(secret.path, 'utf8')).trim();
}

function send(
  url: string,
  { headers, signal }: GetOptions,
  agents: { readonly plain: Agent; readonly tls: TlsAgent },
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const isTls = new URL(url).protocol === 'https:';
    const request = isTls
      ? requestTls(url, { headers, signal, agent: agents.tls }, resolve)
      : requestPlain(url, { headers, signal, agent: agents.plain }, resolve);
    request.on('error', reject);
    request.end();
  });
}

function isRedirect(status: number | undefined): boolean {
  return status === 301 || status === 302 || status === 303 || status === 307 || status === 308;
}

function redirected(location: string, from: string): string {
  const to = URL.parse(location, from);
  if (to?.protocol !== 'http:' && to?.protocol !== 'https:')
    throw new Error(`${from} redirects to an address that is neither http nor https`);
  return to.href;
}
