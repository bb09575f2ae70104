import type { DoorRequest, DoorResponse } from './door-request.ts';

const allowedHeaders =
  'content-type, content-encoding, authorization, traceparent, tracestate, baggage, x-scope-orgid';
const maxAgeSeconds = 7200;

/** Whether browsers of an origin may send: exact, or `https://*.example.com` with a star for labels. */
function isAllowedOrigin(origin: string, allowed: readonly string[]): boolean {
  return allowed.some((pattern) => pattern === '*' || pattern === origin || matchesStar(origin, pattern));
}

function matchesStar(origin: string, pattern: string): boolean {
  const star = pattern.indexOf('*');
  if (star < 0) return false;
  const head = pattern.slice(0, star);
  const tail = pattern.slice(star + 1);
  const middle = origin.slice(head.length, origin.length - tail.length);
  return origin.startsWith(head) && origin.endsWith(tail) && /^[\w.-]+$/.test(middle);
}

/** Sets the headers that let a browser's script read the answer, when its origin is allowed. */
export function allowOrigin(
  request: DoorRequest,
  response: DoorResponse,
  allowed: readonly string[],
): boolean {
  const { origin } = request.headers;
  if (origin === undefined) return false;
  response.setHeader('vary', 'origin');
  if (!isAllowedOrigin(origin, allowed)) return false;
  response.setHeader('access-control-allow-origin', origin);
  return true;
}

/** Answers a preflight: 204 with what is allowed, or 403 with the reason. */
export function answerPreflight(
  request: DoorRequest,
  response: DoorResponse,
  allowed: readonly string[],
): void {
  if (!allowOrigin(request, response, allowed)) {
    response.writeHead(403, { 'content-type': 'text/plain; charset=utf-8' });
    response.end(
      `the origin ${request.headers.origin ?? '(none)'} is not allowed to send: add it to the CORS origins\n`,
    );
    return;
  }
  response.writeHead(204, {
    'access-control-allow-methods': 'POST',
    'access-control-allow-headers': allowedHeaders,
    'access-control-max-age': String(maxAgeSeconds),
  });
  response.end();
}
