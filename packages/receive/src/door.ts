import type { Server as HttpServer } from 'node:http';
import type { Http2Server, ServerHttp2Session } from 'node:http2';
import type { Socket } from 'node:net';
import { TLSSocket, type Server as TlsServer } from 'node:tls';

/** What answers a connection, by the protocol its first bytes speak. */
export interface DoorServers {
  readonly http1: HttpServer;
  readonly http2: Http2Server;
}

/** A port, or a Unix socket. */
export type DoorAddress = { readonly host: string; readonly port: number } | { readonly path: string };

/** What stands before the servers of a door with TLS. */
export interface TlsFront {
  /** Shakes hands; it listens nowhere. */
  readonly server: TlsServer;
  /** Answers whoever does not begin with TLS. */
  readonly plain: DoorServers;
}

type ConnectionListener = (socket: Socket) => void;

/** The first bytes of every HTTP/2 connection; no method of HTTP/1 begins so. */
const http2Preface = Buffer.from('PRI');
/** The first byte of a TLS connection: the record of a handshake. No HTTP begins so. */
const tlsHandshake = 0x16;
const firstBytesTimeoutMs = 10_000;

/**
 * One listening port on which both generations of HTTP are understood, so that whoever knocks at the wrong door is
 * told so in a protocol it can read. The HTTP/1 server listens, because its time limits work only then, and its own
 * welcome is put behind a look at the first bytes.
 */
export class Door {
  private readonly servers: DoorServers;
  private readonly tls: TlsFront | undefined;
  private readonly welcomeHttp1: readonly ConnectionListener[];
  private readonly sockets = new Set<Socket>();
  /** Connections that have not said anything yet. */
  private readonly silent = new Set<Socket>();
  private readonly sessions = new Set<ServerHttp2Session>();
  private closing = false;

  private constructor(servers: DoorServers, tls: TlsFront | undefined) {
    this.servers = servers;
    this.tls = tls;
    this.welcomeHttp1 = servers.http1.listeners('connection') as ConnectionListener[];
    tls?.server.on('secureConnection', (socket) => this.welcome(socket));
    servers.http1.removeAllListeners('connection');
    servers.http1.on('connection', (socket) => this.welcome(socket));
    servers.http2.on('session', (session) => {
      this.sessions.add(session);
      session.on('close', () => this.sessions.delete(session));
    });
  }

  /** Throws one sentence when the port cannot be taken. */
  static async listen(address: DoorAddress, servers: DoorServers, tls?: TlsFront): Promise<Door> {
    const door = new Door(servers, tls);
    await new Promise<void>((resolve, reject) => {
      servers.http1.once('error', (error) => reject(cannotListen(address, error)));
      servers.http1.listen(address, resolve);
    });
    return door;
  }

  get port(): number {
    const address = this.servers.http1.address();
    return typeof address === 'object' && address !== null ? address.port : 0;
  }

  /** Takes no new connection, lets requests under way finish within `drainMs`, then ends the rest. */
  async close(drainMs: number): Promise<void> {
    this.closing = true;
    const { http1 } = this.servers;
    const closed = new Promise<void>((resolve) => http1.close(() => resolve()));
    for (const socket of this.silent) socket.destroy();
    for (const session of this.sessions) session.close();
    // A connection that was busy at the first look is kept open by its client: it is ended once it is idle.
    const idle = setInterval(() => http1.closeIdleConnections(), 50);
    const timer = setTimeout(() => this.endAll(), drainMs);
    await closed;
    clearInterval(idle);
    clearTimeout(timer);
  }

  private endAll(): void {
    for (const socket of this.sockets) socket.destroy();
  }

  private welcome(socket: Socket): void {
    // A handshake may end after the door was closed.
    if (this.closing) return void socket.destroy();
    this.sockets.add(socket);
    this.silent.add(socket);
    socket.on('close', () => {
      this.sockets.delete(socket);
      this.silent.delete(socket);
    });
    socket.on('error', () => socket.destroy());
    socket.setTimeout(firstBytesTimeoutMs, () => socket.destroy());
    this.awaitFirstBytes(socket, Buffer.alloc(0));
  }

  private awaitFirstBytes(socket: Socket, before: Buffer): void {
    socket.once('readable', () => this.sniff(socket, before));
  }

  /** Bytes are put back only when there are enough: put back at once, they would be read again at once, for ever. */
  private sniff(socket: Socket, before: Buffer): void {
    const chunk = socket.read() as Buffer | null;
    if (socket.readableEnded) socket.destroy();
    if (socket.destroyed) return;
    const first = chunk === null ? before : Buffer.concat([before, chunk]);
    if (first.length < http2Preface.length) this.awaitFirstBytes(socket, first);
    else this.handOver(socket, first);
  }

  private handOver(socket: Socket, first: Buffer): void {
    socket.unshift(first);
    this.silent.delete(socket);
    socket.setTimeout(0);
    socket.removeAllListeners('timeout');
    const { tls } = this;
    const speaksHttp2 = http2Preface.equals(first.subarray(0, http2Preface.length));
    if (tls === undefined || socket instanceof TLSSocket) this.serve(socket, speaksHttp2);
    else if (first[0] === tlsHandshake) tls.server.emit('connection', socket);
    else (speaksHttp2 ? tls.plain.http2 : tls.plain.http1).emit('connection', socket);
  }

  private serve(socket: Socket, speaksHttp2: boolean): void {
    if (speaksHttp2) this.servers.http2.emit('connection', socket);
    else for (const listener of this.welcomeHttp1) listener.call(this.servers.http1, socket);
  }
}

function cannotListen(address: DoorAddress, error: Error): Error {
  const where = 'path' in address ? address.path : `${address.host}:${address.port}`;
  return new Error(`cannot listen on ${where}: ${error.message}`, { cause: error });
}
