import type { ServerResponse } from 'node:http';

/** How an answer goes wrong. */
export type Trouble =
  | { readonly status: number; readonly retryAfterSeconds?: number }
  /** Nothing is ever answered. */
  | 'silent'
  /** The connection ends in the middle of the body. */
  | 'cut'
  /** A page of a proxy instead of JSON. */
  | 'html'
  /** The answer is right, and comes after so many milliseconds. */
  | { readonly delayMs: number };

export function sendTroubled(response: ServerResponse, trouble: Trouble, serve: () => void): void {
  if (trouble === 'cut') cut(response);
  else if (trouble === 'html') {
    response.writeHead(200, { 'content-type': 'text/html' });
    response.end('<html><body>Please log in to the network</body></html>');
  } else if (typeof trouble === 'object' && 'delayMs' in trouble) setTimeout(serve, trouble.delayMs);
  else if (trouble !== 'silent') fail(response, trouble.status, trouble.retryAfterSeconds);
}

function fail(response: ServerResponse, status: number, retryAfterSeconds: number | undefined): void {
  const retry = retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) };
  response.writeHead(status, { 'content-type': 'application/json', ...retry });
  response.end(
    JSON.stringify({ kind: 'Status', code: status, message: `answered with ${status} on purpose` }),
  );
}

function cut(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': '100000' });
  response.write('{"kind":"List","items":[', () => response.destroy());
}
