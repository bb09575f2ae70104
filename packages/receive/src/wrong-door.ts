import { createServer, type Server } from 'node:http';
import { createServer as createHttp2Server } from 'node:http2';
import { Refusal } from '@maru/ledger';
import { refusedRequest } from './accept.ts';
import { anyone } from './authorize.ts';
import type { DoorServers } from './door.ts';
import type { DoorOptions } from './door-options.ts';
import { guardStream, http2Settings, refuseStream } from './grpc.ts';
import { signalOfPath } from './http.ts';
import { addressClass } from './source.ts';

const wrongDoorStatus = 415;
const plainTimeoutMs = 10_000;

/** HTTP/1.1 on the gRPC door: every request is told which port it meant. */
export function createWrongDoorServer(options: DoorOptions): Server {
  return createRefusingServer(
    `this is the port of OTLP/gRPC and you speak HTTP/1.1: send OTLP/HTTP to port ${options.httpPort}`,
    options,
  );
}

/** What answers a client that does not begin with TLS on a door that asks for it. */
export function createPlainServers(options: DoorOptions): DoorServers {
  const sentence = 'this port speaks TLS and you do not: send to https:// in place of http://';
  const http1 = createRefusingServer(sentence, options);
  // It does not listen, so that Node does not apply its own limits.
  http1.on('connection', (socket) => socket.setTimeout(plainTimeoutMs, () => socket.destroy()));
  const http2 = createHttp2Server({ settings: http2Settings });
  http2.on('session', (session) => session.on('error', () => session.destroy()));
  http2.on('stream', (stream, headers) => {
    guardStream(stream);
    refuseStream(stream, headers, sentence, options);
  });
  return { http1, http2 };
}

function createRefusingServer(sentence: string, options: DoorOptions): Server {
  return createServer((request, response) => {
    const signal = signalOfPath(request.url ?? '/');
    if (signal !== undefined) {
      const source = addressClass(request.socket.remoteAddress);
      options.rejected(anyone.tenant, refusedRequest(signal, new Refusal('wrong_port', sentence), source));
    }
    request.resume();
    response.writeHead(wrongDoorStatus, { 'content-type': 'text/plain; charset=utf-8' });
    response.end(`${sentence}\n`);
  });
}
