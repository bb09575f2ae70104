import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { OtlpReceiver } from '@maru/testkit';
import { afterEach, expect, test } from 'vitest';
import { destinationDefaults } from '../config.ts';
import type { DestinationSettings } from '../settings.ts';
import { testPart } from '../test-telemetry.ts';
import { createHttpSender } from './http.ts';
import type { SendOutcome } from './outcome.ts';
import type { Sender } from './sender.ts';

const settings: DestinationSettings = {
  ...destinationDefaults,
  name: 'there',
  endpoints: {},
  processors: [],
  timeoutMs: 5_000,
};

async function sent(sender: Sender, bytes: Uint8Array = Buffer.from('x')): Promise<SendOutcome> {
  const send = await sender.prepare([testPart(bytes)]);
  return send(new AbortController().signal);
}

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  delete process.env.HTTP_PROXY;
  delete process.env.NO_PROXY;
  for (const close of closing.splice(0)) await close();
});

/** A proxy that remembers what it was asked for and answers itself. */
async function startProxy(): Promise<{ readonly url: string; readonly asked: string[] }> {
  const asked: string[] = [];
  const server: Server = createServer((request: IncomingMessage, response) => {
    asked.push(request.url ?? '');
    request.resume().on('end', () => response.writeHead(200).end());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => new Promise((resolve) => server.close(resolve)));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

test('a proxy of the environment is asked, but not for names that it is not for', async () => {
  const proxy = await startProxy();
  const receiver = await OtlpReceiver.start();
  closing.push(() => receiver.close());
  process.env.HTTP_PROXY = proxy.url;
  process.env.NO_PROXY = '127.0.0.1';
  const far = createHttpSender(settings, 'traces', new URL('http://collector.example/v1/traces'), {});
  expect((await sent(far)).kind).toBe('accepted');
  far.close();
  expect(proxy.asked).toEqual(['http://collector.example/v1/traces']);
  const near = createHttpSender(settings, 'traces', new URL(`${receiver.url}/v1/traces`), {});
  expect((await sent(near)).kind).toBe('accepted');
  near.close();
  expect(receiver.requests).toHaveLength(1);
});

test('a name that nobody knows, and a port where nobody listens, are for another time', async () => {
  for (const address of ['http://no-such-host.invalid/v1/traces', 'http://127.0.0.1:1/v1/traces']) {
    const sender = createHttpSender(settings, 'traces', new URL(address), {});
    const outcome = await sent(sender);
    sender.close();
    expect(outcome).toMatchObject({ kind: 'retry', detail: expect.stringContaining('cannot be reached: ') });
  }
});

test('connections are kept from one request to the next', async () => {
  const receiver = await OtlpReceiver.start();
  closing.push(() => receiver.close());
  const sender = createHttpSender(settings, 'traces', new URL(`${receiver.url}/v1/traces`), {});
  for (let request = 0; request < 20; request += 1) await sent(sender);
  sender.close();
  expect(receiver.connections).toBe(1);
});

test('a kept connection that was closed meanwhile is no failure', async () => {
  const receiver = await OtlpReceiver.start();
  closing.push(() => receiver.close());
  const sender = createHttpSender(settings, 'traces', new URL(`${receiver.url}/v1/traces`), {});
  for (let request = 0; request < 5; request += 1) {
    expect((await sent(sender, Buffer.alloc(100_000))).kind).toBe('accepted');
    receiver.dropConnections();
  }
  sender.close();
  expect(receiver.requests).toHaveLength(5);
});
