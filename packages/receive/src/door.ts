import type { Server as HttpServer } from 'node:http';
import type { Http2Server, ServerHttp2Session } from 'node:http2';
import type { Socket } from 'node:net';

/** What answers a connection, by the protocol its first bytes speak. */
export interface DoorServers {
  readonly http1: HttpServer;
  readonly http2: Http2Server;
}

export interface DoorAddress {
  readonly host: string;
  readonly port: number;
}

type ConnectionListener = (socket: Socket) => void;

/** The first bytes of every HTTP/2 connection; no method of HTTP/1 begins so. */
const http2Preface = Buffer.from('PRI');
const firstBytesTimeoutMs = 10_000;

/**
 * One listening port on which both generations of HTTP are understood, so that whoever knocks at the wrong door is
 * told so in a protocol it can read. The HTTP/1 server listens, because its time limits work only then, and its own
 * welcome is put behind a look at the first bytes.
 */
export class Door {
  private readonly servers: DoorServers;
  private readonly welcomeHttp1: readonly ConnectionListener[];
  private readonly sockets = new Set<Socket>();
  /** Connections that have not said anything yet. */
  private readonly silent = new Set<Socket>();
  private readonly sessions = new Set<ServerHttp2Session>();

  private constructor(servers: DoorServers) {
    this.servers = servers;
    this.welcomeHttp1 = servers.http1.listeners('connection') as ConnectionListener[];
    servers.http1.removeAllListeners('connection');
    servers.http1.on('connection', (socket) => this.welcome(socket));
    servers.http2.on('session', (session) => {
      this.sessions.add(session);
      session.on('close', () => this.sessions.delete(session));
    });
  }

  /** Throws one sentence when the port cannot be taken. */
  static async listen({ host, port }: DoorAddress, servers: DoorServers): Promise<Door> {
    const door = new Door(servers);
    await new Promise<void>((resolve, reject) => {
      servers.http1.once('error', (error) => reject(cannotListen(host, port, error)));
      servers.http1.listen(port, host, resolve);
    });
    return door;
  }

  get port(): number {
    const address = this.servers.http1.address();
    return typeof address === 'object' && address !== null ? address.port : 0;
  }

  /** Takes no new connection, lets requests under way finish within `drainMs`, then ends the rest. */
  async close(drainMs: number): Promise<void> {
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
    const speaksHttp2 = http2Preface.equals(first.subarray(0, http2Preface.length));
    if (speaksHttp2) this.servers.http2.emit('connection', socket);
    else for (const listener of this.welcomeHttp1) listener.call(this.servers.http1, socket);
  }
}

function cannotListen(host: string, port: number, error: Error): Error {
  return new Error(`cannot listen on ${host}:${port}: ${error.message}`, { cause: error });
}
