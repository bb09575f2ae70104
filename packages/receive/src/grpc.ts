import {
  createServer,
  type Http2Server,
  type IncomingHttpHeaders,
  type OutgoingHttpHeaders,
  type ServerHttp2Stream,
  type Settings,
} from 'node:http2';
import { Refusal } from '@maru/ledger';
import { exportResponse, type RpcStatus, rpcCode, type Signal, statusMessage } from '@maru/otlp';
import { CountedRefusal, refusedRequest } from './accept.ts';
import { anyone, type Origin } from './authorize.ts';
import { readBody } from './body.ts';
import type { DoorOptions } from './door-options.ts';
import { grpcFrame, percentEncoded, unaryMessage } from './grpc-frame.ts';
import { inflateBody, supportedEncodings } from './inflate.ts';
import { asRefusal, outcomeOf } from './outcome.ts';
import { addressClass } from './source.ts';

const methods: ReadonlyMap<string, Signal> = new Map([
  ['/opentelemetry.proto.collector.trace.v1.TraceService/Export', 'traces'],
  ['/opentelemetry.proto.collector.metrics.v1.MetricsService/Export', 'metrics'],
  ['/opentelemetry.proto.collector.logs.v1.LogsService/Export', 'logs'],
]);

/** The frame's header before a message of the full size. */
const frameHeaderBytes = 5;
const streamTimeoutMs = 30_000;

/** HTTP/2 begins with 64 KiB for all calls of a connection together: one request of 500 spans would wait three times. */
export const connectionWindowBytes: number = 4 * 1024 * 1024;

export const http2Settings: Settings = {
  maxConcurrentStreams: 128,
  initialWindowSize: 1024 * 1024,
  maxHeaderListSize: 16 * 1024,
};

/**
 * OTLP over gRPC: unary calls on Node's own HTTP/2, because that costs half of what a gRPC library does (606,000
 * against 378,000 spans per CPU-second, measured with 512-span requests). The caller listens.
 */
export function createGrpcServer(options: DoorOptions): Http2Server {
  const server = createServer({ settings: http2Settings });
  server.on('session', (session) => {
    session.on('error', () => session.destroy());
    session.setLocalWindowSize(connectionWindowBytes);
  });
  server.on('stream', (stream, headers) => {
    guardStream(stream);
    void answerCall(stream, headers, options);
  });
  return server;
}

/** A peer may reset a stream at any time; that is no fault of ours and must not end the process. */
export function guardStream(stream: ServerHttp2Stream): void {
  stream.on('error', () => stream.destroy());
  stream.setTimeout(streamTimeoutMs, () => stream.close());
}

/** A gRPC call that came to the HTTP door: told which port to use, and counted. */
export function answerMisdirectedCall(
  stream: ServerHttp2Stream,
  headers: IncomingHttpHeaders,
  options: DoorOptions,
): void {
  const sentence = `this is the port of OTLP/HTTP and you speak gRPC: send to port ${options.grpcPort}`;
  refuseStream(stream, headers, sentence, options);
}

/** Whatever came over HTTP/2 and is refused unread: answered in its own terms, and counted when it is a gRPC export. */
export function refuseStream(
  stream: ServerHttp2Stream,
  headers: IncomingHttpHeaders,
  sentence: string,
  options: DoorOptions,
): void {
  const signal = methods.get(headers[':path'] ?? '');
  const refusal = new Refusal('wrong_port', sentence);
  if (signal !== undefined)
    options.rejected(anyone.tenant, refusedRequest(signal, refusal, sourceOf(stream)));
  if (isGrpc(headers)) sendStatus(stream, refusal);
  else sendPlain(stream, 415, `${sentence}\n`);
}

async function answerCall(
  stream: ServerHttp2Stream,
  headers: IncomingHttpHeaders,
  options: DoorOptions,
): Promise<void> {
  const signal = methods.get(headers[':path'] ?? '');
  if (!isGrpc(headers))
    sendPlain(stream, 415, `this is the port of OTLP/gRPC: send OTLP/HTTP to port ${options.httpPort}\n`);
  else if (signal === undefined) sendUnknownMethod(stream, headers[':path'] ?? '');
  else await answerExport(signal, stream, headers, options);
}

export function isGrpc(headers: IncomingHttpHeaders): boolean {
  return headers['content-type']?.startsWith('application/grpc') === true;
}

function sourceOf(stream: ServerHttp2Stream): string {
  return addressClass(stream.session?.socket.remoteAddress);
}

async function answerExport(
  signal: Signal,
  stream: ServerHttp2Stream,
  headers: IncomingHttpHeaders,
  options: DoorOptions,
): Promise<void> {
  const source = sourceOf(stream);
  let sender = anyone;
  try {
    sender = (await options.authorize?.(headers, signal)) ?? anyone;
    sendMessage(stream, await takeExport(signal, stream, headers, { sender, source }, options));
  } catch (error) {
    if (stream.destroyed) return;
    const refusal = asRefusal(error);
    if (!(refusal instanceof CountedRefusal))
      options.rejected(sender.tenant, refusedRequest(signal, refusal, source));
    sendStatus(stream, refusal);
  }
}

async function takeExport(
  signal: Signal,
  stream: ServerHttp2Stream,
  headers: IncomingHttpHeaders,
  origin: Origin,
  options: DoorOptions,
): Promise<Uint8Array> {
  const { budget, gate, maxRequestBytes } = options;
  const limits = { budget, maxBytes: maxRequestBytes + frameHeaderBytes, declaredBytes: undefined };
  const body = await readBody(stream, limits);
  try {
    const { compressed, bytes } = unaryMessage(body.bytes);
    const encoding = compressed ? String(headers['grpc-encoding'] ?? 'gzip') : '';
    const request = await inflateBody(bytes, encoding, { maxBytes: maxRequestBytes, gate });
    const { rejected, message } = await options.accept(signal, request, origin);
    return exportResponse(signal, 'protobuf', { rejected, message });
  } finally {
    body.release();
  }
}

function sendMessage(stream: ServerHttp2Stream, message: Uint8Array): void {
  if (stream.destroyed) return;
  stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
  stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
  stream.end(grpcFrame(message));
}

function sendUnknownMethod(stream: ServerHttp2Stream, path: string): void {
  stream.resume();
  const message = `there is no method ${path.slice(0, 200)}: OTLP has ${[...methods.keys()].join(', ')}`;
  stream.respond(statusHeaders({ code: rpcCode.unimplemented, message }), { endStream: true });
}

function sendStatus(stream: ServerHttp2Stream, refusal: Refusal): void {
  if (stream.destroyed) return;
  stream.resume();
  const { message, retryAfterSeconds } = refusal;
  const status: RpcStatus = { code: outcomeOf(refusal).grpc, message };
  const full = retryAfterSeconds === undefined ? status : { ...status, retryAfterSeconds };
  stream.respond(statusHeaders(full), { endStream: true });
}

/** A response of headers alone, which is how gRPC answers a call that failed. */
function statusHeaders(status: RpcStatus): OutgoingHttpHeaders {
  return {
    ':status': 200,
    'content-type': 'application/grpc',
    'grpc-status': String(status.code),
    'grpc-message': percentEncoded(status.message),
    'grpc-accept-encoding': ['identity', ...supportedEncodings].join(','),
    'grpc-status-details-bin': Buffer.from(statusMessage(status, 'protobuf')).toString('base64'),
  };
}

function sendPlain(stream: ServerHttp2Stream, status: number, text: string): void {
  stream.resume();
  stream.respond({ ':status': status, 'content-type': 'text/plain; charset=utf-8' });
  stream.end(text);
}
