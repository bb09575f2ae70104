import http, { type IncomingMessage, type OutgoingHttpHeaders, type ServerResponse } from 'node:http';
import https from 'node:https';
import { Transform, type TransformCallback } from 'node:stream';

/** Where requests are passed on to, and how much of them. */
export interface Upstream {
  /** For error answers: what is away. */
  readonly name: string;
  readonly url: URL;
  /** Longest request body, in bytes. */
  readonly longestBodyBytes: number;
  /** Requests passed on at once; more are refused with 503, so that one slow upstream cannot fill memory. */
  readonly mostAtOnce: number;
  /** Silence of the upstream after which it is given up, in milliseconds. */
  readonly timeoutMillis: number;
  /** Set on every request passed on, over what the client sent. */
  readonly headers: Readonly<Record<string, string>>;
  /** Request headers that are not passed on, besides those of the connection. */
  readonly withheld: ReadonlySet<string>;
}

/** Passes one request on, to `path` at the upstream. */
export type Forward = (request: IncomingMessage, response: ServerResponse, path: string) => void;

/** Headers that belong to one connection (RFC 9110, 7.6.1) and are never passed on. */
const ofConnection: ReadonlySet<string> = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

class BodyTooLarge extends Error {}

/** Makes the proxy to one upstream. It streams both ways and keeps connections open. */
export function proxyTo(upstream: Upstream): Forward {
  const client = upstream.url.protocol === 'https:' ? https : http;
  const agent = new client.Agent({ keepAlive: true, maxSockets: upstream.mostAtOnce });
  let running = 0;
  return (request, response, path) => {
    if (running >= upstream.mostAtOnce)
      return refuse(response, 503, `too many requests to ${upstream.name} at once`);
    if (Number(request.headers['content-length'] ?? 0) > upstream.longestBodyBytes)
      return refuseLarge(response);
    running += 1;
    response.once('close', () => {
      running -= 1;
    });
    const outgoing = client.request(upstream.url, {
      agent,
      method: request.method,
      path: joinPath(upstream.url, path),
      headers: requestHeaders(request, upstream),
      timeout: upstream.timeoutMillis,
    });
    passOn(request, response, outgoing, upstream);
  };
}

function passOn(
  request: IncomingMessage,
  response: ServerResponse,
  outgoing: http.ClientRequest,
  upstream: Upstream,
): void {
  const counted = request.pipe(limitTo(upstream.longestBodyBytes));
  const giveUp = (error: Error): void => {
    outgoing.destroy();
    if (response.headersSent) response.destroy();
    else refuseFor(error, response, upstream.name);
  };
  counted.once('error', giveUp);
  outgoing.once('error', giveUp);
  outgoing.once('timeout', () => outgoing.destroy(new Error('timeout')));
  outgoing.once('response', (incoming) => {
    response.writeHead(incoming.statusCode ?? 502, withoutConnectionHeaders(incoming.headers));
    incoming.once('error', giveUp);
    incoming.pipe(response);
  });
  // A client that hangs up ends its request upstream too.
  response.once('close', () => outgoing.destroy());
  counted.pipe(outgoing);
}

function limitTo(longestBodyBytes: number): Transform {
  let bytes = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
      bytes += chunk.length;
      if (bytes > longestBodyBytes) done(new BodyTooLarge());
      else done(null, chunk);
    },
  });
}

function joinPath(base: URL, path: string): string {
  return base.pathname.replace(/\/$/, '') + path;
}

function requestHeaders(request: IncomingMessage, upstream: Upstream): OutgoingHttpHeaders {
  const headers = withoutConnectionHeaders(request.headers, upstream.withheld);
  const forwarded = request.headers['x-forwarded-for'];
  const address = request.socket.remoteAddress ?? 'unknown';
  return {
    ...headers,
    host: upstream.url.host,
    'x-forwarded-for': forwarded ? `${forwarded}, ${address}` : address,
    'x-forwarded-host': request.headers['x-forwarded-host'] ?? request.headers.host,
    'x-forwarded-proto': request.headers['x-forwarded-proto'] ?? 'http',
    ...upstream.headers,
  };
}

function withoutConnectionHeaders(
  headers: NodeJS.Dict<string | string[]>,
  withheld: ReadonlySet<string> = new Set(),
): Record<string, string | string[]> {
  const named = new Set(
    String(headers.connection ?? '')
      .split(',')
      .map((name) => name.trim().toLowerCase()),
  );
  const kept: Record<string, string | string[]> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value === undefined || ofConnection.has(name) || named.has(name) || withheld.has(name)) continue;
    kept[name] = value;
  }
  return kept;
}

function refuseFor(error: Error, response: ServerResponse, name: string): void {
  if (error instanceof BodyTooLarge) refuseLarge(response);
  else if (error.message === 'timeout') refuse(response, 504, `${name} did not answer in time`);
  else refuse(response, 502, `${name} cannot be reached now`);
}

/** The rest of the body is not read: the connection ends with the answer. */
function refuseLarge(response: ServerResponse): void {
  response.setHeader('connection', 'close');
  refuse(response, 413, 'the request is too large');
}

/** Answers with an error in the shape of the API's. */
export function refuse(response: ServerResponse, status: number, message: string): void {
  const body = JSON.stringify({ status: 'error', message });
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
  });
  response.end(body);
}
