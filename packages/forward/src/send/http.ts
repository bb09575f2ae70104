import type { IncomingMessage } from 'node:http';
import type { Signal } from '@maru/otlp';
import type { DestinationSettings } from '../settings.ts';
import { standardBuffers } from '../standard/standard.ts';
import { compressed } from './compress.ts';
import { createHttpClient, plainText } from './http-client.ts';
import { acceptedOutcome, readStatus, retryAfterMs, type SendOutcome } from './outcome.ts';
import type { Sender } from './sender.ts';
import type { TlsOptions } from './tls.ts';

/** OTLP over HTTP/1.1 with kept connections. */
export function createHttpSender(
  settings: DestinationSettings,
  signal: Signal,
  endpoint: URL,
  tls: TlsOptions,
): Sender {
  const { compression } = settings;
  const client = createHttpClient(settings, endpoint, tls);
  const headers = {
    'content-type': 'application/x-protobuf',
    ...(compression !== 'none' && { 'content-encoding': compression }),
  };
  return {
    prepare: async (parts) => {
      const body = await compressed(standardBuffers(signal, parts), compression);
      return async (abort) => {
        const answer = await client.post(body, headers, abort);
        return answer.kind === 'answer' ? httpOutcome(answer, answer.body) : answer;
      };
    },
    close: () => client.close(),
  };
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
