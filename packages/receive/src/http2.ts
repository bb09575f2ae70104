import { createServer, type Http2Server } from 'node:http2';
import { answerMisdirectedCall, connectionWindowBytes, guardStream, http2Settings, isGrpc } from './grpc.ts';
import { answerHttp, type HttpDoorOptions } from './http.ts';

/** HTTP/2 on the HTTP door: OTLP/HTTP as over HTTP/1.1; gRPC calls are told the right port. The caller listens. */
export function createHttp2Server(options: HttpDoorOptions): Http2Server {
  const server = createServer({ settings: http2Settings });
  server.on('session', (session) => {
    session.on('error', () => session.destroy());
    session.setLocalWindowSize(connectionWindowBytes);
  });
  server.on('stream', (stream, headers) => {
    guardStream(stream);
    if (isGrpc(headers)) answerMisdirectedCall(stream, headers, options);
  });
  server.on('request', (request, response) => {
    if (!isGrpc(request.headers)) void answerHttp(request, response, options);
  });
  return server;
}
