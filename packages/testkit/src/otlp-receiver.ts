import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import {
  createServer as createHttp2Server,
  createSecureServer,
  type IncomingHttpHeaders,
  type ServerHttp2Stream,
} from 'node:http2';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo, Server, Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { gunzipSync, zstdDecompressSync } from 'node:zlib';
import { Cursor } from '@maru/otlp';
import { itemAttribute } from './otlp.ts';

/** A request that a receiver got, its body inflated and without gRPC's frame. */
export interface ReceivedRequest {
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Uint8Array;
}

/** How a receiver answers. Of gRPC, `status` is the code, and `body` the message. */
export interface ReceiverAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
  readonly afterMs?: number;
  /** Never answers. */
  readonly hangs?: boolean;
}

export interface ReceiverOptions {
  readonly protocol?: 'http' | 'grpc';
  /** 0 for one of the system's choice. */
  readonly port?: number;
  readonly tls?: { readonly cert: string; readonly key: string; readonly clientCa?: string };
}

const protobuf = { 'content-type': 'application/x-protobuf' };

/** A small real receiver of OTLP that answers as a test wants. Who starts it closes it. */
export class OtlpReceiver {
  readonly requests: ReceivedRequest[] = [];
  /** Told each request in turn; the answer is success where a test says nothing. */
  answer: (request: ReceivedRequest, index: number) => ReceiverAnswer = () => ({ status: this.#success });
  /** Connections that were ever made to it. */
  connections = 0;
  readonly port: number;
  readonly url: string;
  readonly #success: number;
  readonly #server: Server;
  readonly #sockets: Set<Socket> = new Set();

  private constructor(server: Server, { protocol, tls }: ReceiverOptions) {
    this.#server = server;
    this.#success = protocol === 'grpc' ? 0 : 200;
    this.port = (server.address() as AddressInfo).port;
    this.url = `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${this.port}`;
    server.on('connection', (socket: Socket) => {
      this.connections += 1;
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
    });
  }

  static async start(options: ReceiverOptions = {}): Promise<OtlpReceiver> {
    const server =
      options.protocol === 'grpc' ? grpcServer(options, () => receiver) : httpServer(options, () => receiver);
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(options.port ?? 0, '127.0.0.1', resolve);
    });
    const receiver = new OtlpReceiver(server, options);
    return receiver;
  }

  /** Closes every connection, and goes on listening. */
  dropConnections(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  /** Ends at once, connections and all. */
  async close(): Promise<void> {
    this.dropConnections();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  /** The numbers of all generated items that came in requests answered with success, in order, repeated ones too. */
  get items(): readonly number[] {
    return this.accepted.flatMap(({ body }) => itemNumbers(body));
  }

  readonly accepted: ReceivedRequest[] = [];

  /** @internal for the two servers */
  async take(request: ReceivedRequest): Promise<ReceiverAnswer> {
    this.requests.push(request);
    const answer = this.answer(request, this.requests.length - 1);
    if (answer.hangs === true) await new Promise(() => undefined);
    if (answer.afterMs !== undefined) await delay(answer.afterMs);
    if (answer.status === this.#success) this.accepted.push(request);
    return answer;
  }
}

function httpServer({ tls }: ReceiverOptions, receiver: () => OtlpReceiver): Server {
  const listener = (request: IncomingMessage, response: ServerResponse): void => {
    void answerHttp(request, response, receiver());
  };
  return tls === undefined
    ? createServer(listener)
    : createHttpsServer({ ...tls, ...clientCertificates(tls.clientCa) }, listener);
}

function clientCertificates(ca: string | undefined): object {
  return ca === undefined ? {} : { ca, requestCert: true, rejectUnauthorized: true };
}

async function answerHttp(
  request: IncomingMessage,
  response: ServerResponse,
  receiver: OtlpReceiver,
): Promise<void> {
  const bytes = await readAll(request).catch(() => undefined);
  if (bytes === undefined) return;
  const { url = '', headers } = request;
  const body = inflated(bytes, headers['content-encoding']);
  const answer = await receiver.take({ path: url, headers, body });
  response.writeHead(answer.status, { ...protobuf, ...answer.headers });
  response.end(answer.body);
}

function grpcServer({ tls }: ReceiverOptions, receiver: () => OtlpReceiver): Server {
  const server =
    tls === undefined
      ? createHttp2Server()
      : createSecureServer({ ...tls, ...clientCertificates(tls.clientCa) });
  server.on('stream', (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) => {
    stream.on('error', () => stream.destroy());
    void answerGrpc(stream, headers, receiver());
  });
  server.on('sessionError', () => undefined);
  return server;
}

const frameHeaderBytes = 5;

async function answerGrpc(
  stream: ServerHttp2Stream,
  headers: IncomingHttpHeaders,
  receiver: OtlpReceiver,
): Promise<void> {
  const bytes = await readAll(stream).catch(() => undefined);
  if (bytes === undefined) return;
  const encoding = bytes[0] === 1 ? headers['grpc-encoding'] : undefined;
  const body = inflated(bytes.subarray(frameHeaderBytes), encoding);
  const answer = await receiver.take({ path: headers[':path'] ?? '', headers, body });
  if (stream.destroyed) return;
  const trailers = { 'grpc-status': String(answer.status), ...answer.headers };
  stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
  stream.on('wantTrailers', () => stream.sendTrailers(trailers));
  const frame = Buffer.alloc(frameHeaderBytes);
  frame.writeUInt32BE(answer.body?.length ?? 0, 1);
  stream.end(answer.status === 0 ? Buffer.concat([frame, answer.body ?? Buffer.alloc(0)]) : undefined);
}

async function readAll(stream: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function inflated(bytes: Uint8Array, encoding: string | string[] | undefined): Uint8Array {
  if (encoding === 'gzip') return gunzipSync(bytes);
  return encoding === 'zstd' ? zstdDecompressSync(bytes) : bytes;
}

/** An attribute's key as it stands in a KeyValue, up to its value's number: `item = <int64>`. */
const itemKey = Buffer.from(itemAttribute);
const intValueTag = 0x18;

/** The numbers of the generated items in a request, found by their attribute. */
export function itemNumbers(request: Uint8Array): readonly number[] {
  const bytes = Buffer.from(request.buffer, request.byteOffset, request.length);
  const numbers: number[] = [];
  for (let at = bytes.indexOf(itemKey); at >= 0; at = bytes.indexOf(itemKey, at + 1)) {
    const value = at + itemKey.length + 2;
    if (bytes[value] !== intValueTag) continue;
    const cursor = new Cursor(bytes);
    cursor.position = value + 1;
    numbers.push(cursor.varint(bytes.length));
  }
  return numbers;
}
