import { Door } from './door.ts';
import { createGrpcServer } from './grpc.ts';
import { createHttpServer, type HttpDoorOptions } from './http.ts';
import { createHttp2Server } from './http2.ts';
import { createWrongDoorServer } from './wrong-door.ts';

/** OTLP/HTTP on one port and OTLP/gRPC on another, each telling the other's callers where to go. */
export interface Doors {
  readonly httpPort: number;
  readonly grpcPort: number;
  /** Takes nothing new and gives what is under way `drainMs` to finish. */
  readonly close: (drainMs: number) => Promise<void>;
}

/** Opens both doors on `host`. Throws one sentence when a port cannot be taken; then none is open. */
export async function openDoors(host: string, options: HttpDoorOptions): Promise<Doors> {
  const http = await Door.listen(
    { host, port: options.httpPort },
    { http1: createHttpServer(options), http2: createHttp2Server(options) },
  );
  try {
    const grpc = await Door.listen(
      { host, port: options.grpcPort },
      { http1: createWrongDoorServer(options), http2: createGrpcServer(options) },
    );
    const close = async (drainMs: number): Promise<void> => {
      await Promise.all([http.close(drainMs), grpc.close(drainMs)]);
    };
    return { httpPort: http.port, grpcPort: grpc.port, close };
  } catch (error) {
    await http.close(0);
    throw error;
  }
}
