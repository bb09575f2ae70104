import { spawn } from 'node:child_process';
import { createServer, type RequestListener, type ServerResponse } from 'node:http';
import {
  createServer as createHttp2Server,
  createSecureServer,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from 'node:http2';
import { createServer as createTlsServer } from 'node:https';
import { connect, createServer as createNetServer, type Server, type Socket } from 'node:net';
import type { Certificate } from './certificate.ts';

/** Something that listens on loopback for one test. */
export interface Running {
  readonly port: number;
  readonly close: () => Promise<void>;
}

/** An HTTP/1.1 server; with a certificate, over TLS. */
export function serveHttp(listener: RequestListener, certificate?: Certificate): Promise<Running> {
  return listen(certificate === undefined ? createServer(listener) : createTlsServer(certificate, listener));
}

/** An HTTP server that answers everything alike. */
export function serveAlways(
  status: number,
  headers: Readonly<Record<string, string>> = {},
  body: string | Uint8Array = '',
  certificate?: Certificate,
): Promise<Running> {
  return serveHttp((request, response) => {
    request.resume();
    request.once('end', () => answer(response, status, headers, body));
  }, certificate);
}

export function answer(
  response: ServerResponse,
  status: number,
  headers: Readonly<Record<string, string>> = {},
  body: string | Uint8Array = '',
): void {
  response.writeHead(status, headers);
  response.end(body);
}

/** A gRPC server that answers every call with one status; with a certificate, over TLS. */
export function serveGrpc(status: number, message = '', certificate?: Certificate): Promise<Running> {
  const server = certificate === undefined ? createHttp2Server() : createSecureServer(certificate);
  const sessions = new Set<ServerHttp2Session>();
  server.on('session', (session) => {
    sessions.add(session);
    session.once('close', () => sessions.delete(session));
  });
  server.on('sessionError', () => undefined);
  server.on('stream', (stream: ServerHttp2Stream) => answerCall(stream, status, message));
  return listen(server, () => {
    for (const session of sessions) session.destroy();
  });
}

function answerCall(stream: ServerHttp2Stream, status: number, message: string): void {
  stream.on('error', () => undefined);
  stream.resume();
  stream.once('end', () => {
    stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
    stream.once('wantTrailers', () => {
      stream.sendTrailers({
        'grpc-status': String(status),
        'grpc-message': encodeURI(message).replaceAll('%20', ' '),
      });
    });
    stream.end(status === 0 ? Buffer.alloc(5) : undefined);
  });
}

/** A server that says `words` to whoever connects, in no protocol that we know. */
export function serveWords(words: string): Promise<Running> {
  return listen(createNetServer((socket) => socket.on('error', () => undefined).end(words)));
}

function listen(server: Server, beforeClose: () => void = () => undefined): Promise<Running> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      if (address === null || typeof address === 'string') throw new Error('the server has no port');
      resolve({ port: address.port, close: () => closeAll(server, sockets, beforeClose) });
    });
  });
}

function closeAll(server: Server, sockets: ReadonlySet<Socket>, beforeClose: () => void): Promise<void> {
  beforeClose();
  return new Promise((resolve) => {
    server.close(() => resolve());
    for (const socket of sockets) socket.destroy();
  });
}

/** Listens with room for one, tells its port, and never runs again: so nothing is ever taken out of the queue. */
const deafProgram = `
  const server = require('node:net').createServer().listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => {
    require('node:fs').writeSync(1, String(server.address().port));
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  });`;

/** A port whose kernel drops every SYN: its queue is full and nobody empties it. A real black hole, without a firewall. */
export async function openBlackHole(): Promise<Running> {
  const child = spawn(process.execPath, ['-e', deafProgram], { stdio: ['ignore', 'pipe', 'inherit'] });
  const port = await new Promise<number>((resolve, reject) => {
    child.once('error', reject);
    child.stdout.once('data', (text: Buffer) => resolve(Number(text.toString())));
  });
  const filling: Socket[] = [];
  while (await fill(port, filling));
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  return {
    port,
    close: async () => {
      for (const socket of filling) socket.destroy();
      child.kill('SIGKILL');
      await gone;
    },
  };
}

/** Whether one more found room. A loopback connection opens at once or, when the queue is full, not at all. */
function fill(port: number, filling: Socket[]): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => resolve(true));
    filling.push(socket);
    socket.on('error', () => undefined);
    // After the events that wait already: a process that stood still must not be taken for a full queue.
    socket.setTimeout(1_000, () => setImmediate(() => resolve(!socket.connecting)));
  });
}
