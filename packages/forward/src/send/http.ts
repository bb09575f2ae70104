import { Agent, type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps, Agent as TlsAgent } from 'node:https';
import type { DestinationSettings } from '../settings.ts';
import { compressed } from './compress.ts';
import { acceptedOutcome, readStatus, retryAfterMs, type SendOutcome } from './outcome.ts';
import type { Sender } from './sender.ts';
import type { TlsOptions } from './tls.ts';

/** An answer is a few bytes; of a longer one only so much is read. */
const maxAnswerBytes = 64 * 1024;

/** OTLP over HTTP/1.1 with kept connections. */
export function createHttpSender(settings: DestinationSettings, endpoint: URL, tls: TlsOptions): Sender {
  // A proxy that HTTP_PROXY, HTTPS_PROXY and NO_PROXY name is asked, as every client of this field does.
  const options = { keepAlive: true, maxSockets: settings.concurrency, proxyEnv: process.env };
  const agent = endpoint.protocol === 'https:' ? new TlsAgent({ ...options, ...tls }) : new Agent(options);
  return {
    send: async (buffers, signal) => {
      const body = await compressed(buffers, settings.compression);
      return exchange({ settings, endpoint, agent }, body, signal);
    },
    close: () => agent.destroy(),
  };
}

interface Place {
  readonly settings: DestinationSettings;
  readonly endpoint: URL;
  readonly agent: Agent;
}

function exchange(
  { settings, endpoint, agent }: Place,
  body: readonly Uint8Array[],
  signal: AbortSignal,
): Promise<SendOutcome> {
  const { compression, headers, timeoutMs } = settings;
  const overdue = AbortSignal.timeout(timeoutMs);
  return new Promise((resolve) => {
    const fail = (error: Error): void => {
      // The other side may close a kept connection at the very moment when it is used again: that is no failure yet.
      if (outgoing.reusedSocket && isClosed(error))
        resolve(exchange({ settings, endpoint, agent }, body, signal));
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
          ...headers,
          'content-type': 'application/x-protobuf',
          'content-length': body.reduce((sum, { length }) => sum + length, 0),
          ...(compression !== 'none' && { 'content-encoding': compression }),
        },
      },
      (response) => {
        readAnswer(response).then((answer) => resolve(httpOutcome(response, answer)), fail);
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

async function readAnswer(response: IncomingMessage): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Uint8Array>) {
    size += chunk.length;
    if (size <= maxAnswerBytes) chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** Statuses that OTLP has clients repeat; all other errors they must not. */
const retryable: ReadonlySet<number> = new Set([429, 502, 503, 504]);

/** What an HTTP status means, by OTLP's specification. */
export function httpOutcome(
  { statusCode = 0, headers }: Pick<IncomingMessage, 'statusCode' | 'headers'>,
  body: Uint8Array,
): SendOutcome {
  if (statusCode >= 200 && statusCode < 300)
    return acceptedOutcome(isProtobuf(headers) ? body : new Uint8Array(0));
  const status = isProtobuf(headers) ? readStatus(body) : { message: plainText(body) };
  const detail = `it answered ${statusCode}${status.message === '' ? '' : `: ${status.message}`}`;
  if (retryable.has(statusCode)) {
    const afterMs = retryAfterMs(headers['retry-after'], Date.now()) ?? status.retryAfterMs;
    return { kind: 'retry', detail, ...(afterMs !== undefined && { afterMs }) };
  }
  if (statusCode === 413) return { kind: 'too_large', detail };
  return { kind: statusCode === 400 || statusCode === 422 ? 'invalid' : 'refused', detail };
}

function isProtobuf(headers: IncomingMessage['headers']): boolean {
  return headers['content-type']?.startsWith('application/x-protobuf') === true;
}

/** The first line of an answer that is no protobuf, such as a proxy's page. */
function plainText(body: Uint8Array): string {
  const text = Buffer.from(body.subarray(0, 1000)).toString('utf8');
  return (text.trim().split('\n', 1)[0] ?? '').replace(/[^\P{C}]/gu, '').slice(0, 200);
}

export function networkOutcome(
  error: Error,
  endpoint: URL,
  isOverdue: boolean,
  timeoutMs: number,
): SendOutcome {
  const why = isOverdue ? `no answer within ${timeoutMs / 1000} s` : error.message;
  return { kind: 'retry', detail: `${endpoint.host} cannot be reached: ${why}` };
}
