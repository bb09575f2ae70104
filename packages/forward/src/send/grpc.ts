import {
  type ClientHttp2Session,
  type ClientHttp2Stream,
  connect,
  type IncomingHttpHeaders,
} from 'node:http2';
import type { DestinationSettings } from '../settings.ts';
import { standardBuffers } from '../standard/standard.ts';
import { compressed } from './compress.ts';
import { networkOutcome } from './http-client.ts';
import { acceptedOutcome, readStatus, type SendOutcome } from './outcome.ts';
import type { Sender } from './sender.ts';
import type { TlsOptions } from './tls.ts';

const methods = {
  traces: '/opentelemetry.proto.collector.trace.v1.TraceService/Export',
  metrics: '/opentelemetry.proto.collector.metrics.v1.MetricsService/Export',
  logs: '/opentelemetry.proto.collector.logs.v1.LogsService/Export',
} as const;

const frameHeaderBytes = 5;
const maxAnswerBytes = 64 * 1024;

/** OTLP over gRPC: unary calls on Node's own HTTP/2, over one connection that is made anew when it is gone. */
export function createGrpcSender(
  settings: DestinationSettings,
  signal: keyof typeof methods,
  endpoint: URL,
  tls: TlsOptions,
): Sender {
  let session: ClientHttp2Session | undefined;
  const connected = (): ClientHttp2Session => {
    if (session === undefined || session.closed || session.destroyed) session = openSession(endpoint, tls);
    return session;
  };
  return {
    prepare: async (parts) => {
      const body = await compressed(standardBuffers(signal, parts), settings.compression);
      return (abort) => send(body, abort);
    },
    close: () => session?.destroy(),
  };
  async function send(body: readonly Uint8Array[], abort: AbortSignal): Promise<SendOutcome> {
    const outcome = await call(connected(), { settings, path: methods[signal], endpoint }, body, abort);
    // A connection that hangs would hold up the next call too.
    if (outcome.kind === 'retry' && outcome.detail.includes('no answer within')) session?.destroy();
    return outcome;
  }
}

function openSession(endpoint: URL, tls: TlsOptions): ClientHttp2Session {
  const session = connect(endpoint, { ...tls, settings: { enablePush: false } });
  // Each call under way learns of it by its own error.
  session.on('error', () => session.destroy());
  session.on('goaway', () => session.close());
  session.unref();
  return session;
}

interface Method {
  readonly settings: DestinationSettings;
  readonly path: string;
  readonly endpoint: URL;
}

function call(
  session: ClientHttp2Session,
  { settings, path, endpoint }: Method,
  body: readonly Uint8Array[],
  abort: AbortSignal,
): Promise<SendOutcome> {
  const { compression, headers, timeoutMs } = settings;
  const overdue = AbortSignal.timeout(timeoutMs);
  const stream = session.request(
    {
      ':method': 'POST',
      ':path': path,
      te: 'trailers',
      'user-agent': 'maru-forward',
      ...headers,
      'content-type': 'application/grpc',
      'grpc-timeout': `${Math.max(1, Math.round(timeoutMs))}m`,
      ...(compression !== 'none' && { 'grpc-encoding': compression }),
    },
    { signal: AbortSignal.any([abort, overdue]) },
  );
  stream.write(frameHeader(body, compression !== 'none'));
  for (const buffer of body) stream.write(buffer);
  stream.end();
  return answerOf(stream, (error) => networkOutcome(error, endpoint, overdue.aborted, timeoutMs));
}

function frameHeader(body: readonly Uint8Array[], isCompressed: boolean): Uint8Array {
  const header = Buffer.alloc(frameHeaderBytes);
  header.writeUInt8(isCompressed ? 1 : 0, 0);
  header.writeUInt32BE(
    body.reduce((sum, { length }) => sum + length, 0),
    1,
  );
  return header;
}

function answerOf(stream: ClientHttp2Stream, failed: (error: Error) => SendOutcome): Promise<SendOutcome> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  let headers: IncomingHttpHeaders = {};
  let trailers: IncomingHttpHeaders = {};
  stream.on('response', (received) => {
    headers = received;
  });
  stream.on('trailers', (received) => {
    trailers = received;
  });
  stream.on('data', (chunk: Uint8Array) => {
    size += chunk.length;
    if (size <= maxAnswerBytes) chunks.push(chunk);
  });
  return new Promise((resolve) => {
    let failure: Error | undefined;
    stream.on('error', (error) => {
      failure = error;
    });
    stream.on('close', () => {
      const status = trailers['grpc-status'] ?? headers['grpc-status'];
      if (status === undefined && (failure !== undefined || headers[':status'] === undefined))
        resolve(failed(failure ?? new Error('the connection was closed before an answer')));
      else resolve(grpcOutcome({ ...headers, ...trailers }, Buffer.concat(chunks)));
    });
  });
}

/** Codes that OTLP has clients repeat: CANCELLED, DEADLINE_EXCEEDED, ABORTED, OUT_OF_RANGE, UNAVAILABLE, DATA_LOSS. */
const retryable: ReadonlySet<number> = new Set([1, 4, 10, 11, 14, 15]);
const invalidArgument = 3;
const resourceExhausted = 8;

const codeNames: readonly string[] = [
  'OK',
  'CANCELLED',
  'UNKNOWN',
  'INVALID_ARGUMENT',
  'DEADLINE_EXCEEDED',
  'NOT_FOUND',
  'ALREADY_EXISTS',
  'PERMISSION_DENIED',
  'RESOURCE_EXHAUSTED',
  'FAILED_PRECONDITION',
  'ABORTED',
  'OUT_OF_RANGE',
  'UNIMPLEMENTED',
  'INTERNAL',
  'UNAVAILABLE',
  'DATA_LOSS',
  'UNAUTHENTICATED',
];

/** What a call's end means, by OTLP's specification. RESOURCE_EXHAUSTED is repeated only with RetryInfo: without, it is a request too large. */
export function grpcOutcome(headers: IncomingHttpHeaders, body: Uint8Array): SendOutcome {
  const code = Number(headers['grpc-status'] ?? codeOfHttp(headers[':status'] as number | undefined));
  if (code === 0) return acceptedOutcome(body.subarray(frameHeaderBytes));
  const status = readStatus(Buffer.from(String(headers['grpc-status-details-bin'] ?? ''), 'base64'));
  const message = decoded(String(headers['grpc-message'] ?? '')) || status.message;
  const detail = `it answered ${codeNames[code] ?? code}${message === '' ? '' : `: ${message}`}`;
  const { retryAfterMs } = status;
  if (retryable.has(code) || (code === resourceExhausted && retryAfterMs !== undefined))
    return { kind: 'retry', detail, ...(retryAfterMs !== undefined && { afterMs: retryAfterMs }) };
  if (code === resourceExhausted) return { kind: 'too_large', detail };
  return { kind: code === invalidArgument ? 'invalid' : 'refused', detail };
}

/** A proxy that knows no gRPC answers with HTTP's status alone; gRPC says what each means. */
function codeOfHttp(status: number | undefined): number {
  const codes: Readonly<Record<number, number>> = {
    400: 13,
    401: 16,
    403: 7,
    404: 12,
    429: 14,
    502: 14,
    503: 14,
    504: 14,
  };
  return codes[status ?? 0] ?? 2;
}

function decoded(message: string): string {
  try {
    return decodeURIComponent(message).slice(0, 500);
  } catch {
    return message.slice(0, 500);
  }
}
