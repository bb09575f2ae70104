import { createServer, type Server } from 'node:http';
import { Refusal } from '@maru/ledger';
import { refusedRequest } from './accept.ts';
import type { DoorOptions } from './door-options.ts';
import { signalOfPath } from './http.ts';
import { addressClass } from './source.ts';

const wrongDoorStatus = 415;

/** HTTP/1.1 on the gRPC door: every request is told which port it meant. */
export function createWrongDoorServer(options: DoorOptions): Server {
  return createServer((request, response) => {
    const signal = signalOfPath(request.url ?? '/');
    const sentence = `this is the port of OTLP/gRPC and you speak HTTP/1.1: send OTLP/HTTP to port ${options.httpPort}`;
    if (signal !== undefined) {
      const source = addressClass(request.socket.remoteAddress);
      options.rejected(refusedRequest(signal, new Refusal('wrong_port', sentence), source));
    }
    request.resume();
    response.writeHead(wrongDoorStatus, { 'content-type': 'text/plain; charset=utf-8' });
    response.end(`${sentence}\n`);
  });
}
