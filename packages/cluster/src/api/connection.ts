import { type IncomingMessage, Agent as PlainAgent, request as plainRequest } from 'node:http';
import { Agent as TlsAgent, request as tlsRequest } from 'node:https';
import { setTimeout as wait } from 'node:timers/promises';
import type { ClusterTarget } from '../kubeconfig/target.ts';

/** What one run may take. */
export interface ApiLimits {
  /** Of one request, from its first byte to the last of its answer. */
  readonly timeoutMs: number;
  /** Requests at the same time. */
  readonly connections: number;
  /** Of one answer; a page of 500 pods is about 5 MB. */
  readonly answerBytes: number;
  /** How often a request that failed in passing (429, 5xx, a cut connection) is sent again. */
  readonly retries: number;
}

export const defaultLimits: ApiLimits = {
  timeoutMs: 15_000,
  connections: 8,
  answerBytes: 128 * 2 ** 20,
  retries: 2,
};

/** What the API server said. */
export interface ApiAnswer {
  readonly status: number;
  readonly body: string;
}

/** The request did not come to a whole answer; the message is half a sentence. */
export class ApiFailure extends Error {
  override readonly name = 'ApiFailure';
  /** The system's code (`ECONNREFUSED`), `TIMEOUT`, `CUT` or `TOO_LARGE`. */
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/** No server is waited for longer than this between two attempts, whatever its Retry-After says. */
const longestWaitMs = 2_000;

/** Sends GET requests, and no others, to one API server over few connections. */
export class ApiConnection {
  readonly #target: ClusterTarget;
  readonly #limits: ApiLimits;
  readonly #agent: PlainAgent | TlsAgent;

  constructor(target: ClusterTarget, limits: ApiLimits) {
    this.#target = target;
    this.#limits = limits;
    this.#agent = agentFor(target, limits);
  }

  /** Rejects with `ApiFailure` only; a refusal is an answer. */
  async get(path: string, query: Readonly<Record<string, string>> = {}): Promise<ApiAnswer> {
    const url = new URL(this.#target.server.href.replace(/\/+$/, '') + path);
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
    for (let attempt = 0; ; attempt++) {
      const last = attempt >= this.#limits.retries;
      const outcome = await this.#send(url).catch((thrown: unknown) => failureOf(thrown));
      if (outcome instanceof ApiFailure) {
        if (last || !isPassing(outcome)) throw outcome;
      } else if (last || !(outcome.status === 429 || outcome.status >= 500)) return outcome;
      await wait(waitMs(outcome, attempt));
    }
  }

  close(): void {
    this.#agent.destroy();
  }

  #send(url: URL): Promise<ApiAnswer & { readonly retryAfterSeconds: number }> {
    const { timeoutMs, answerBytes } = this.#limits;
    const { authorization } = this.#target;
    const headers = {
      accept: 'application/json',
      'user-agent': 'maru-doctor',
      ...(authorization === undefined ? {} : { authorization }),
    };
    return new Promise((resolve, reject) => {
      const send = url.protocol === 'https:' ? tlsRequest : plainRequest;
      const request = send(url, { method: 'GET', headers, agent: this.#agent });
      const timer = setTimeout(() => {
        request.destroy(new ApiFailure('TIMEOUT', `no whole answer within ${timeoutMs / 1_000} s`));
      }, timeoutMs);
      request.once('response', (response) => {
        collect(response, answerBytes).then(
          (body) =>
            resolve({
              status: response.statusCode ?? 0,
              body,
              retryAfterSeconds: Number(response.headers['retry-after'] ?? Number.NaN),
            }),
          (thrown: unknown) => {
            request.destroy();
            reject(thrown);
          },
        );
      });
      request.on('error', reject);
      request.once('close', () => clearTimeout(timer));
      request.end();
    });
  }
}

/** A proxy of the kubeconfig's own wins over the environment's HTTPS_PROXY and NO_PROXY, which count as for kubectl. */
function agentFor({ tls, proxy, server }: ClusterTarget, { connections }: ApiLimits): PlainAgent | TlsAgent {
  const proxyEnv =
    proxy === undefined ? process.env : { HTTP_PROXY: proxy.href, HTTPS_PROXY: proxy.href, NO_PROXY: '' };
  const options = { keepAlive: true, maxSockets: connections, proxyEnv };
  if (server.protocol === 'http:') return new PlainAgent(options);
  const { isUnverified, ...material } = tls;
  return new TlsAgent({ ...options, ...material, rejectUnauthorized: !isUnverified });
}

async function collect(response: IncomingMessage, longest: number): Promise<string> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of response) {
    parts.push(Buffer.from(part));
    length += part.length;
    if (length > longest)
      throw new ApiFailure('TOO_LARGE', `its answer is larger than ${longest / 2 ** 20} MiB`);
  }
  if (!response.complete) throw new ApiFailure('CUT', 'the connection was cut in the middle of the answer');
  return Buffer.concat(parts).toString('utf8');
}

function failureOf(thrown: unknown): ApiFailure {
  if (thrown instanceof ApiFailure) return thrown;
  if (thrown instanceof AggregateError && thrown.errors.length > 0) return failureOf(thrown.errors[0]);
  if (!(thrown instanceof Error)) return new ApiFailure('UNKNOWN', String(thrown));
  const code = 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : thrown.name;
  return code === 'ECONNRESET' || thrown.message === 'aborted'
    ? new ApiFailure('CUT', 'the connection was cut before the answer was whole')
    : new ApiFailure(code, thrown.message || code);
}

/** A name that is not known, a closed port and a wrong certificate stay what they are. */
function isPassing({ code }: ApiFailure): boolean {
  return code === 'CUT';
}

function waitMs(outcome: ApiFailure | { readonly retryAfterSeconds: number }, attempt: number): number {
  const asked = outcome instanceof ApiFailure ? Number.NaN : outcome.retryAfterSeconds * 1_000;
  return Math.min(longestWaitMs, Number.isFinite(asked) ? asked : 100 * 2 ** attempt);
}
