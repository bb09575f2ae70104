import { Door, type DoorAddress, type DoorServers, type TlsFront } from './door.ts';
import { createGrpcServer } from './grpc.ts';
import { createHttpServer, type HttpDoorOptions } from './http.ts';
import { createHttp2Server } from './http2.ts';
import { createTlsServer, secureContextOptions, type TlsMaterial } from './tls.ts';
import { createPlainServers, createWrongDoorServer } from './wrong-door.ts';

/** OTLP/HTTP on one port and OTLP/gRPC on another, each telling the other's callers where to go. */
export interface Doors {
  readonly httpPort: number;
  readonly grpcPort: number;
  /** New connections get this certificate from now on; nothing happens on doors without TLS. */
  readonly renewTls: (material: TlsMaterial) => void;
  /** Takes nothing new and gives what is under way `drainMs` to finish. */
  readonly close: (drainMs: number) => Promise<void>;
}

/** Opens both doors on `host`. Throws one sentence when a port cannot be taken; then none is open. */
export async function openDoors(host: string, options: HttpDoorOptions): Promise<Doors> {
  const { httpPort, grpcPort, socketPath } = options;
  const fronts: TlsFront[] = [];
  const doors: Door[] = [];
  const open = async (address: DoorAddress, servers: DoorServers, front?: TlsFront): Promise<Door> => {
    if (front !== undefined) fronts.push(front);
    const door = await Door.listen(address, servers, front);
    doors.push(door);
    return door;
  };
  const close = async (drainMs: number): Promise<void> => {
    await Promise.all(doors.map((door) => door.close(drainMs)));
  };
  try {
    const http = await open({ host, port: httpPort }, httpServers(options), tlsFront(options));
    const grpc = await open({ host, port: grpcPort }, grpcServers(options), tlsFront(options));
    if (socketPath !== undefined) await open({ path: socketPath }, httpServers(options));
    const renewTls = (material: TlsMaterial): void => {
      for (const { server } of fronts) server.setSecureContext(secureContextOptions(material));
    };
    return { httpPort: http.port, grpcPort: grpc.port, renewTls, close };
  } catch (error) {
    await close(0);
    throw error;
  }
}

function httpServers(options: HttpDoorOptions): DoorServers {
  return { http1: createHttpServer(options), http2: createHttp2Server(options) };
}

function grpcServers(options: HttpDoorOptions): DoorServers {
  return { http1: createWrongDoorServer(options), http2: createGrpcServer(options) };
}

function tlsFront(options: HttpDoorOptions): TlsFront | undefined {
  return options.tls && { server: createTlsServer(options.tls), plain: createPlainServers(options) };
}
