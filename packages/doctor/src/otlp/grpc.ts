import {
  type ClientHttp2Session,
  connect,
  type IncomingHttpHeaders,
  type IncomingHttpStatusHeader,
} from 'node:http2';
import type { Signal } from '@maru/otlp';
import { NoAnswer } from '../probe/exchange.ts';
import type { OtlpTarget } from './target.ts';

/** What a unary call answered. */
export interface GrpcAnswer {
  readonly httpStatus: number;
  readonly contentType: string;
  /** `grpc-status`; undefined when what answered was no gRPC server. */
  readonly status: number | undefined;
  /** `grpc-message`, decoded; or the body's text when what answered was no gRPC server. */
  readonly message: string;
  /** The response message without its frame. */
  readonly body: Buffer;
}

const services: Readonly<Record<Signal, string>> = {
  traces: 'trace.v1.TraceService',
  metrics: 'metrics.v1.MetricsService',
  logs: 'logs.v1.LogsService',
};

/** Flag and length before each message. */
const frameHead = 5;
/** So much of an answer is read, in bytes; an export's response is a few. */
const longestBody = 64 * 1024;

/** Calls Export once over a connection of its own. Rejects with the connection's error, or `NoAnswer`. */
export function callExport(target: OtlpTarget, signal: Signal, message: Uint8Array): Promise<GrpcAnswer> {
  return new Promise((resolve, reject) => {
    const session = connect(target.base.origin, target.ca === undefined ? {} : { ca: target.ca });
    const timer = setTimeout(() => {
      session.destroy(new NoAnswer(`no answer within ${target.timeoutMs} ms`));
    }, target.timeoutMs);
    session.once('error', reject);
    session.once('close', () => {
      clearTimeout(timer);
      reject(new Error('the connection was closed without an answer'));
    });
    call(session, target, signal, message)
      .then(resolve, reject)
      .finally(() => session.destroy());
  });
}

async function call(
  session: ClientHttp2Session,
  { headers }: OtlpTarget,
  signal: Signal,
  message: Uint8Array,
): Promise<GrpcAnswer> {
  const stream = session.request({
    ...headers,
    ':method': 'POST',
    ':path': `/opentelemetry.proto.collector.${services[signal]}/Export`,
    'content-type': 'application/grpc',
    te: 'trailers',
  });
  let head: IncomingHttpHeaders & IncomingHttpStatusHeader = {};
  let trailers: IncomingHttpHeaders = {};
  stream.once('response', (received) => {
    head = received;
  });
  stream.once('trailers', (received) => {
    trailers = received;
  });
  stream.end(framed(message));
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of stream) {
    parts.push(part);
    length += part.length;
    if (length > longestBody) break;
  }
  return answerOf(head[':status'] ?? 0, { ...head, ...trailers }, Buffer.concat(parts));
}

function answerOf(httpStatus: number, headers: IncomingHttpHeaders, received: Buffer): GrpcAnswer {
  const status = headers['grpc-status'];
  const text = headers['grpc-message'];
  return {
    httpStatus,
    contentType: headers['content-type'] ?? '',
    status: status === undefined ? undefined : Number(status),
    message: typeof text === 'string' ? percentDecoded(text) : textUnlessGrpc(status, received),
    body: received.subarray(frameHead),
  };
}

function textUnlessGrpc(status: unknown, received: Buffer): string {
  return status === undefined ? received.toString('utf8').slice(0, 500) : '';
}

function percentDecoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function framed(message: Uint8Array): Buffer {
  const head = Buffer.alloc(frameHead);
  head.writeUInt32BE(message.length, 1);
  return Buffer.concat([head, message]);
}
