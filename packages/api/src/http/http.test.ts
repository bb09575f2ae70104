import { createServer, request, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { QueryError } from '@maru/query-core';
import { ReadError } from '@maru/store';
import { afterEach, expect, test, vi } from 'vitest';
import { json, text } from './answer.ts';
import { RequestError, usualStatus } from './failure.ts';
import { Parameters } from './parameters.ts';
import type { Route, RouteTable } from './router.ts';
import { createServe } from './serve.ts';

let server: Server | undefined;

afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

const reported: unknown[] = [];

/** The routes behind a real server; the answer is its URL. */
async function serve(...routes: readonly Route[]): Promise<string> {
  reported.length = 0;
  const table: RouteTable = {
    prefixes: ['/p', ''],
    routes,
    answerError: (failure) => text(`${failure.kind}: ${failure.message}`, usualStatus[failure.kind]),
  };
  const handle = createServe([table], (error) => reported.push(error));
  server = createServer(async (incoming, response) => {
    if (!(await handle(incoming, response))) response.writeHead(404).end('not mine');
  });
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const echo: Route = {
  methods: ['GET', 'POST'],
  path: '/echo/:name',
  handle: ({ path, parameters }) => json({ ...path, q: parameters.getAll('q') }),
};

/** A path as it is written, without a client tidying it up. */
function rawStatus(url: string, path: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    request(`${url}`, { path }, (response) => resolve(response.resume().statusCode))
      .on('error', reject)
      .end();
  });
}

test('paths must match exactly, under each prefix', async () => {
  const url = await serve(echo);
  expect(await (await fetch(`${url}/p/echo/a%2Fb?q=1&q=2`)).json()).toEqual({ name: 'a/b', q: ['1', '2'] });
  expect(await (await fetch(`${url}/echo/__proto__`)).json()).toEqual({ name: '__proto__', q: [] });
  for (const path of [
    '/echo',
    '/echo/',
    '/echo/a/',
    '//echo/a',
    '/x/../echo/a',
    '/echo/a/b',
    '/ECHO/a',
    '/echo/%zz',
    '/echo/%2e%2e',
  ]) {
    expect([path, await rawStatus(url, path)]).toEqual([path, 404]);
  }
});

test('another method is 405 and names the allowed ones; HEAD is GET without a body', async () => {
  const url = await serve(echo);
  const response = await fetch(`${url}/echo/a`, { method: 'DELETE' });
  expect([response.status, response.headers.get('allow')]).toEqual([405, 'GET, POST']);
  const head = await fetch(`${url}/echo/a`, { method: 'HEAD' });
  expect([head.status, await head.text()]).toEqual([200, '']);
});

test('a form counts before the URL; other bodies are refused; a large form is 413', async () => {
  const url = await serve(echo);
  const form = await fetch(`${url}/echo/a?q=url`, {
    method: 'POST',
    body: new URLSearchParams({ q: 'form' }),
  });
  expect(await form.json()).toEqual({ name: 'a', q: ['form', 'url'] });
  expect((await fetch(`${url}/echo/a`, { method: 'POST', body: '{}' })).status).toBe(400);
  const large = await fetch(`${url}/echo/a`, {
    method: 'POST',
    body: new URLSearchParams({ q: 'x'.repeat(1_100_000) }),
  });
  expect([large.status, await large.text()]).toEqual([
    413,
    'too_large: the form is larger than 1048576 bytes',
  ]);
});

test('answers are data: never sniffed, framed, run or kept', async () => {
  const { headers } = await fetch(`${await serve(echo)}/echo/a`);
  expect(headers.get('x-content-type-options')).toBe('nosniff');
  expect(headers.get('content-security-policy')).toBe("default-src 'none'; frame-ancestors 'none'");
  expect(headers.get('cache-control')).toBe('no-store');
});

test('gzip when it is taken and worth it, whole or in pieces', async () => {
  const pieces = Array.from({ length: 500 }, (_, index) => `${index},`);
  const url = await serve(
    { methods: ['GET'], path: '/whole', handle: () => text('x'.repeat(5_000)) },
    {
      methods: ['GET'],
      path: '/pieces',
      handle: () => ({ status: 200, contentType: 'text/plain', body: pieces }),
    },
  );
  for (const [path, body] of [
    ['/whole', 'x'.repeat(5_000)],
    ['/pieces', pieces.join('')],
  ] as const) {
    const zipped = await raw(`${url}${path}`, 'deflate, gzip;q=0.5');
    expect([zipped.encoding, gunzipSync(zipped.body).toString()]).toEqual(['gzip', body]);
    const plain = await raw(`${url}${path}`, 'gzip;q=0');
    expect([plain.encoding, plain.body.toString()]).toEqual([undefined, body]);
  }
});

function raw(
  url: string,
  acceptEncoding: string,
): Promise<{ readonly encoding: string | undefined; readonly body: Buffer }> {
  return new Promise((resolve, reject) => {
    request(url, { headers: { 'accept-encoding': acceptEncoding } }, async (response) => {
      const pieces: Buffer[] = [];
      for await (const piece of response) pieces.push(piece);
      resolve({ encoding: response.headers['content-encoding'], body: Buffer.concat(pieces) });
    })
      .on('error', reject)
      .end();
  });
}

test.each([
  [new RequestError('bad_request', 'no'), 400, 'bad_request: no'],
  [new QueryError('bad_data', 'bad at 1:2', { line: 1, column: 2 }), 400, 'bad_request: bad at 1:2'],
  [new QueryError('execution', 'many'), 422, 'execution: many'],
  [new ReadError('timeout', 'slow'), 504, 'timeout: slow'],
  [new ReadError('too_many_rows', 'rows'), 422, 'too_many: rows'],
  [new ReadError('unavailable', 'starting'), 503, 'unavailable: starting'],
])('%s becomes its status', async (error, status, body) => {
  const url = await serve({ methods: ['GET'], path: '/fails', handle: () => Promise.reject(error) });
  const response = await fetch(`${url}/fails`);
  expect([response.status, await response.text()]).toEqual([status, body]);
  expect(reported).toEqual([]);
});

test.each([[new TypeError('secret of the inside')], [new ReadError('failed', 'SELECT secret')]])(
  'what is not meant for users is reported, not shown: %s',
  async (error) => {
    const url = await serve({ methods: ['GET'], path: '/fails', handle: () => Promise.reject(error) });
    const response = await fetch(`${url}/fails`);
    expect(response.status).toBe(500);
    expect(await response.text()).not.toContain('secret');
    expect(reported).toEqual([error]);
  },
);

test('a client that leaves aborts its request', async () => {
  let aborted = false;
  let began: () => void = () => undefined;
  const begun = new Promise<void>((resolve) => {
    began = resolve;
  });
  const url = await serve({
    methods: ['GET'],
    path: '/slow',
    handle: ({ signal }) =>
      new Promise((_, reject) => {
        signal.addEventListener('abort', () => {
          aborted = true;
          reject(new ReadError('cancelled', 'gone'));
        });
        began();
      }),
  });
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  socket.write('GET /slow HTTP/1.1\r\nHost: x\r\n\r\n');
  await begun;
  socket.destroy();
  await vi.waitFor(() => expect(aborted).toBe(true), { timeout: 30_000 });
});

test('parameters have bounds', () => {
  expect(() => new Parameters([`q=${'x'.repeat(131_073)}`])).toThrow(
    'parameter "q" is longer than 131072 characters',
  );
  expect(() => new Parameters(['a=1&'.repeat(1_001)])).toThrow('more than 1000 parameters');
  const parameters = new Parameters(['limit=7&empty=&bad=1e3']);
  const bounds = { absent: 20, min: 1, max: 10 };
  expect(parameters.integer('limit', bounds)).toBe(7);
  expect(parameters.integer('empty', bounds)).toBe(20);
  expect(() => parameters.integer('bad', bounds)).toThrow(
    'cannot read parameter bad from "1e3": it must be a whole number from 1 to 10',
  );
  expect(() => parameters.require('none')).toThrow('parameter none is missing');
});
