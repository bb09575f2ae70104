import { Agent, type IncomingHttpHeaders, type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps, Agent as TlsAgent } from 'node:https';
import type { DestinationSettings } from '../settings.ts';
import type { SendOutcome } from './outcome.ts';
import type { TlsOptions } from './tls.ts';

/** An answer is a few bytes; of a longer one only so much is read. */
const maxAnswerBytes = 64 * 1024;

export interface HttpAnswer {
  readonly kind: 'answer';
  readonly statusCode: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Uint8Array;
}

type NetworkOutcome = Extract<SendOutcome, { readonly kind: 'retry' }>;

/** Posts to one address over HTTP/1.1 with kept connections. */
export interface HttpClient {
  /** Never rejects; without an answer it gives why there is none. */
  readonly post: (
    body: readonly Uint8Array[],
    headers: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ) => Promise<HttpAnswer | NetworkOutcome>;
  readonly close: () => void;
}

export function createHttpClient(settings: DestinationSettings, endpoint: URL, tls: TlsOptions): HttpClient {
  // A proxy that HTTP_PROXY, HTTPS_PROXY and NO_PROXY name is asked, as every client of this field does.
  const options = { keepAlive: true, maxSockets: settings.concurrency, proxyEnv: process.env };
  const agent = endpoint.protocol === 'https:' ? new TlsAgent({ ...options, ...tls }) : new Agent(options);
  return {
    post: (body, headers, signal) => exchange({ settings, endpoint, agent, headers }, body, signal),
    close: () => agent.destroy(),
  };
}

interface Place {
  readonly settings: DestinationSettings;
  readonly endpoint: URL;
  readonly agent: Agent;
  /** Those of the protocol; the configured ones do not change them. */
  readonly headers: Readonly<Record<string, string>>;
}

function exchange(
  place: Place,
  body: readonly Uint8Array[],
  signal: AbortSignal,
): Promise<HttpAnswer | NetworkOutcome> {
  const { settings, endpoint, agent } = place;
  const { timeoutMs } = settings;
  const overdue = AbortSignal.timeout(timeoutMs);
  return new Promise((resolve) => {
    const fail = (error: Error): void => {
      // The other side may close a kept connection at the very moment when it is used again: that is no failure yet.
      if (outgoing.reusedSocket && isClosed(error)) resolve(exchange(place, body, signal));
      else resolve(networkOutcome(error, endpoint, overdue.aborted, timeoutMs));
    };
    const outgoing = (endpoint.protocol === 'https:' ? requestHttps : requestHttp)(
      endpoint,
      {
        method: 'POST',
        agent,
        signal: AbortSignal.any([signal, overdue]),
        headers: {
          'user-agent': 'maru-forward',
          ...settings.headers,
          ...place.headers,
          'content-length': body.reduce((sum, { length }) => sum + length, 0),
        },
      },
      (response) => {
        readAnswer(response).then(resolve, fail);
      },
    );
    outgoing.on('error', fail);
    for (const buffer of body) outgoing.write(buffer);
    outgoing.end();
  });
}

function isClosed(error: Error): boolean {
  return 'code' in error && (error.code === 'ECONNRESET' || error.code === 'EPIPE');
}

async function readAnswer(response: IncomingMessage): Promise<HttpAnswer> {
  const { statusCode = 0, headers } = response;
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Uint8Array>) {
    size += chunk.length;
    if (size <= maxAnswerBytes) chunks.push(chunk);
  }
  return { kind: 'answer', statusCode, headers, body: Buffer.concat(chunks) };
}

/** The first line of an answer that is no protobuf, such as a proxy's page. */
export function plainText(body: Uint8Array): string {
  const text = Buffer.from(body.subarray(0, 1000)).toString('utf8');
  return (text.trim().split('\n', 1)[0] ?? '').replace(/[^\P{C}]/gu, '').slice(0, 200);
}

export function networkOutcome(
  error: Error,
  endpoint: URL,
  isOverdue: boolean,
  timeoutMs: number,
): NetworkOutcome {
  const why = isOverdue ? `no answer within ${timeoutMs / 1000} s` : error.message;
  return { kind: 'retry', detail: `${endpoint.host} cannot be reached: ${why}` };
}
