import type { IncomingMessage, ServerResponse } from 'node:http';

const loopback = /^(127(\.\d{1,3}){3}|::1|localhost)$/;

/**
 * A stack on loopback answers to loopback's names alone. Else a page anywhere could point a name of its own at
 * 127.0.0.1 and read everything through the visitor's browser (DNS rebinding).
 */
export function createHostCheck(
  host: string,
): (request: IncomingMessage, response: ServerResponse) => boolean {
  if (!loopback.test(host)) return () => true;
  return (request, response) => {
    if (loopback.test(hostName(request.headers.host ?? ''))) return true;
    response.writeHead(403, { 'content-type': 'text/plain; charset=utf-8' });
    response.end(
      'the console listens on loopback and answers only to localhost; start the stack with --host-console to serve others\n',
    );
    return false;
  };
}

function hostName(header: string): string {
  return header
    .replace(/:\d+$/, '')
    .replace(/^\[(.*)\]$/, '$1')
    .toLowerCase();
}
