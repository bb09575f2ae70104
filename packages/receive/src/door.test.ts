import { createServer as createHttp1 } from 'node:http';
import { connect as connectHttp2, createServer as createHttp2 } from 'node:http2';
import { connect, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Door } from './door.ts';

let door: Door;
beforeEach(async () => {
  const http1 = createHttp1((request, response) => {
    request.resume();
    request.on('end', () => response.end('one'));
  });
  const http2 = createHttp2((_, response) => void response.end('two'));
  door = await Door.listen({ host: '127.0.0.1', port: 0 }, { http1, http2 });
});
afterEach(() => door.close(0));

function opened(): Promise<Socket> {
  return new Promise((resolve) => {
    const socket = connect(door.port, '127.0.0.1', () => resolve(socket));
    socket.on('error', () => undefined);
  });
}

function answerOf(socket: Socket): Promise<string> {
  return new Promise((resolve) => socket.once('data', (chunk) => resolve(chunk.toString('latin1'))));
}

test('HTTP/1.1 and HTTP/2 are told apart on one port', async () => {
  expect(await (await fetch(`http://127.0.0.1:${door.port}/`)).text()).toBe('one');
  const session = connectHttp2(`http://127.0.0.1:${door.port}`);
  const stream = session.request({ ':path': '/' });
  let text = '';
  for await (const chunk of stream) text += String(chunk);
  expect(text).toBe('two');
  session.close();
});

test.each([1, 2, 3, 4])('a request whose first %s bytes come alone is answered', async (length) => {
  const request = 'PUT / HTTP/1.1\r\nhost: x\r\n\r\n';
  const socket = await opened();
  const answer = answerOf(socket);
  socket.setNoDelay(true);
  socket.write(request.slice(0, length));
  // Another connection is answered meanwhile: waiting for the rest keeps nobody busy.
  expect(await (await fetch(`http://127.0.0.1:${door.port}/`)).text()).toBe('one');
  socket.write(request.slice(length));
  expect(await answer).toContain('HTTP/1.1 200');
  socket.destroy();
});

test('a body that is larger than what the socket holds arrives whole', async () => {
  const response = await fetch(`http://127.0.0.1:${door.port}/`, {
    method: 'POST',
    body: new Uint8Array(5_000_000),
  });
  expect(await response.text()).toBe('one');
});

test('connections that say nothing do not delay closing', async () => {
  const socket = await opened();
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  const outcome = await Promise.race([door.close(60_000).then(() => 'closed'), delay(10_000, 'late')]);
  expect(outcome).toBe('closed');
  await closed;
});

test('a busy connection is ended when the time to drain is over', async () => {
  const socket = await opened();
  socket.write('POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 10\r\n\r\n');
  await (await fetch(`http://127.0.0.1:${door.port}/`)).text();
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  await door.close(100);
  await closed;
});
