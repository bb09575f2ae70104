import { createServer, type Server } from 'node:http';
import { Refusal } from '@maru/ledger';
import {
  contentTypes,
  type Encoding,
  exportResponse,
  Malformed,
  type RpcStatus,
  requestFromJson,
  rpcCode,
  type Signal,
  statusMessage,
} from '@maru/otlp';
import { CountedRefusal, refusedRequest } from './accept.ts';
import { anyone, type Origin } from './authorize.ts';
import { declaredLength, readBody } from './body.ts';
import { allowOrigin, answerPreflight } from './cors.ts';
import type { DoorOptions } from './door-options.ts';
import type { DoorRequest, DoorResponse } from './door-request.ts';
import { answerForeign } from './foreign-request.ts';
import { inflateBody } from './inflate.ts';
import { asRefusal, outcomeOf } from './outcome.ts';
import { addressClass } from './source.ts';
import { foreignDoors } from './translate/foreign.ts';

export interface HttpDoorOptions extends DoorOptions {
  readonly corsOrigins: readonly string[];
  /** A Unix socket on which OTLP/HTTP is taken without TLS, for processes of this machine. */
  readonly socketPath?: string;
}

const signalPaths: ReadonlyMap<string, Signal> = new Map([
  ['/v1/traces', 'traces'],
  ['/v1/metrics', 'metrics'],
  ['/v1/logs', 'logs'],
  // Where Mimir, Loki and Prometheus take OTLP: senders that are set up for them need only another host.
  ['/otlp/v1/traces', 'traces'],
  ['/otlp/v1/metrics', 'metrics'],
  ['/otlp/v1/logs', 'logs'],
  ['/api/v1/otlp/v1/metrics', 'metrics'],
]);

/** The signal that a request's target is for. */
export function signalOfPath(target: string): Signal | undefined {
  return signalPaths.get(pathOf(target));
}

function pathOf(target: string): string {
  return target.split('?', 1)[0] ?? '';
}

/** JSON becomes objects before it becomes bytes, ten times its size and more: it gets a lower limit. */
const maxJsonBytes = 16 * 1024 * 1024;
const headersTimeoutMs = 10_000;
const requestTimeoutMs = 30_000;
const keepAliveTimeoutMs = 65_000;

/** OTLP over HTTP/1.1. The caller listens. */
export function createHttpServer(options: HttpDoorOptions): Server {
  return createServer(
    {
      headersTimeout: headersTimeoutMs,
      requestTimeout: requestTimeoutMs,
      keepAliveTimeout: keepAliveTimeoutMs,
    },
    (request, response) => {
      void answerHttp(request, response, options);
    },
  );
}

/** Answers one request, of whichever generation of HTTP. */
export async function answerHttp(
  request: DoorRequest,
  response: DoorResponse,
  options: HttpDoorOptions,
): Promise<void> {
  const signal = signalOfPath(request.url ?? '/');
  const foreign = foreignDoors.get(pathOf(request.url ?? '/'));
  if (foreign !== undefined && request.method === 'POST')
    await answerForeign(foreign, request, response, options);
  else if (foreign !== undefined) answerMethod(request, response);
  else if (signal === undefined) answerOtherPath(request.url ?? '/', response);
  else if (request.method === 'OPTIONS') answerPreflight(request, response, options.corsOrigins);
  else await answerSignal(signal, request, response, options);
}

async function answerSignal(
  signal: Signal,
  request: DoorRequest,
  response: DoorResponse,
  options: HttpDoorOptions,
): Promise<void> {
  allowOrigin(request, response, options.corsOrigins);
  if (request.method === 'POST') await answerExport(signal, request, response, options);
  else answerMethod(request, response);
}

function answerOtherPath(path: string, response: DoorResponse): void {
  const paths = [...signalPaths.keys(), ...foreignDoors.keys()].join(', ');
  if (path === '/')
    sendText(
      response,
      200,
      `Maru takes OTLP/HTTP here, and what Prometheus, Loki and Zipkin send: POST to ${paths}
`,
    );
  else
    sendText(
      response,
      404,
      `there is nothing at this path: POST to ${paths}
`,
    );
}

function answerMethod(request: DoorRequest, response: DoorResponse): void {
  response.setHeader('allow', 'POST, OPTIONS');
  sendText(response, 405, `${request.method} is not possible at ${pathOf(request.url ?? '/')}: use POST\n`);
}

function sendText(response: DoorResponse, status: number, text: string): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' });
  response.end(text);
}

async function answerExport(
  signal: Signal,
  request: DoorRequest,
  response: DoorResponse,
  options: HttpDoorOptions,
): Promise<void> {
  const source = addressClass(request.socket.remoteAddress);
  const encoding = encodingOf(request) ?? 'protobuf';
  let sender = anyone;
  try {
    sender = (await options.authorize?.(request.headers, signal)) ?? anyone;
    const body = await takeExport(signal, request, { sender, source }, options);
    send(response, 200, encoding, body);
  } catch (error) {
    if (request.destroyed && !request.complete) return;
    const refusal = asRefusal(error);
    if (!(refusal instanceof CountedRefusal))
      options.rejected(sender.tenant, refusedRequest(signal, refusal, source));
    sendRefusal(request, response, encoding, refusal);
  }
}

async function takeExport(
  signal: Signal,
  request: DoorRequest,
  origin: Origin,
  options: HttpDoorOptions,
): Promise<Uint8Array> {
  const encoding = requireEncoding(request);
  const { budget, gate } = options;
  const maxBytes =
    encoding === 'json' ? Math.min(options.maxRequestBytes, maxJsonBytes) : options.maxRequestBytes;
  const body = await readBody(request, { budget, maxBytes, declaredBytes: declaredLength(request) });
  try {
    const bytes = await inflateBody(body.bytes, request.headers['content-encoding'] ?? '', {
      maxBytes,
      gate,
    });
    const message = encoding === 'json' ? fromJson(signal, bytes) : bytes;
    const partial = await options.accept(signal, message, origin);
    return exportResponse(signal, encoding, partial);
  } finally {
    body.release();
  }
}

function fromJson(signal: Signal, bytes: Uint8Array): Uint8Array {
  try {
    return requestFromJson(signal, bytes);
  } catch (error) {
    if (error instanceof Malformed)
      throw new Refusal('malformed', `the request is not valid OTLP/JSON: ${error.what}`);
    throw error;
  }
}

function encodingOf(request: DoorRequest): Encoding | undefined {
  const type = request.headers['content-type']?.split(';', 1)[0]?.trim().toLowerCase();
  if (type === contentTypes.json) return 'json';
  return type === contentTypes.protobuf || type === 'application/protobuf' ? 'protobuf' : undefined;
}

function requireEncoding(request: DoorRequest): Encoding {
  const encoding = encodingOf(request);
  if (encoding !== undefined) return encoding;
  const type = request.headers['content-type'];
  const named =
    type === undefined
      ? 'a request without a content type'
      : `the content type ${JSON.stringify(type.slice(0, 80))}`;
  throw new Refusal(
    'unsupported_content_type',
    `${named} is not supported: use ${contentTypes.protobuf} or ${contentTypes.json}`,
  );
}

function sendRefusal(
  request: DoorRequest,
  response: DoorResponse,
  encoding: Encoding,
  refusal: Refusal,
): void {
  const { http, grpc } = outcomeOf(refusal);
  if (refusal.retryAfterSeconds !== undefined)
    response.setHeader('retry-after', String(refusal.retryAfterSeconds));
  if (http === 401) response.setHeader('www-authenticate', 'Bearer');
  // Reads the rest of the body and drops it: a sender that is cut off while sending never sees the answer.
  if (!request.complete) request.resume();
  const status: RpcStatus = { code: grpc, message: refusal.message };
  send(
    response,
    http,
    encoding,
    statusMessage(http === 400 ? { ...status, code: rpcCode.invalidArgument } : status, encoding),
  );
}

function send(response: DoorResponse, status: number, encoding: Encoding, body: Uint8Array): void {
  response.writeHead(status, { 'content-type': contentTypes[encoding], 'content-length': body.length });
  response.end(body);
}
