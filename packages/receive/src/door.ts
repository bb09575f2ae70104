import type { Server as HttpServer } from 'node:http';
import type { Http2Server, ServerHttp2Session } from 'node:http2';
import { createServer, type Server, type Socket } from 'node:net';

/** What answers a connection, by the protocol its first bytes speak. */
export interface DoorServers {
  readonly http1: HttpServer;
  readonly http2: Http2Server;
}

export interface DoorAddress {
  readonly host: string;
  readonly port: number;
}

/** The first bytes of every HTTP/2 connection; no HTTP/1 request begins so. */
const http2Preface = Buffer.from('PRI');
const firstBytesTimeoutMs = 10_000;

/**
 * One listening port on which both generations of HTTP are understood, so that whoever knocks at the wrong door is
 * told so in a protocol it can read.
 */
export class Door {
  private readonly listener: Server;
  private readonly servers: DoorServers;
  private readonly sockets = new Set<Socket>();
  private readonly sessions = new Set<ServerHttp2Session>();

  private constructor(servers: DoorServers) {
    this.servers = servers;
    this.listener = createServer({ noDelay: true }, (socket) => this.welcome(socket));
    servers.http2.on('session', (session) => {
      this.sessions.add(session);
      session.on('close', () => this.sessions.delete(session));
    });
  }

  /** Throws one sentence when the port cannot be taken. */
  static async listen({ host, port }: DoorAddress, servers: DoorServers): Promise<Door> {
    const door = new Door(servers);
    await new Promise<void>((resolve, reject) => {
      door.listener.once('error', (error) => reject(cannotListen(host, port, error)));
      door.listener.listen(port, host, resolve);
    });
    return door;
  }

  get port(): number {
    const address = this.listener.address();
    return typeof address === 'object' && address !== null ? address.port : 0;
  }

  /** Takes no new connection, lets requests under way finish within `drainMs`, then ends the rest. */
  async close(drainMs: number): Promise<void> {
    const closed = new Promise<void>((resolve) => this.listener.close(() => resolve()));
    this.servers.http1.closeIdleConnections();
    const idle = setInterval(() => this.servers.http1.closeIdleConnections(), 50);
    const timer = setTimeout(() => this.endAll(), drainMs);
    for (const session of this.sessions) session.close();
    await closed;
    clearInterval(idle);
    clearTimeout(timer);
  }

  private endAll(): void {
    for (const socket of this.sockets) socket.destroy();
  }

  private welcome(socket: Socket): void {
    this.sockets.add(socket);
    socket.on('close', () => this.sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    socket.setTimeout(firstBytesTimeoutMs, () => socket.destroy());
    this.awaitFirstBytes(socket);
  }

  private awaitFirstBytes(socket: Socket): void {
    socket.once('readable', () => this.sniff(socket));
  }

  private sniff(socket: Socket): void {
    const chunk = socket.read() as Buffer | null;
    if (chunk !== null) socket.unshift(chunk);
    if (socket.readableEnded || socket.destroyed) return;
    if (chunk === null || chunk.length < http2Preface.length) this.awaitFirstBytes(socket);
    else this.handOver(socket, http2Preface.equals(chunk.subarray(0, http2Preface.length)));
  }

  private handOver(socket: Socket, speaksHttp2: boolean): void {
    socket.setTimeout(0);
    socket.removeAllListeners('timeout');
    const server = speaksHttp2 ? this.servers.http2 : this.servers.http1;
    server.emit('connection', socket);
  }
}

function cannotListen(host: string, port: number, error: Error): Error {
  return new Error(`cannot listen on ${host}:${port}: ${error.message}`, { cause: error });
}
