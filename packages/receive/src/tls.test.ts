import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { connect as connectHttp2 } from 'node:http2';
import { request as httpsRequest, type RequestOptions } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Certificate, issueCertificate, tracesRequest } from '@maru/testkit';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { grpcFrame } from './grpc-frame.ts';
import { openTestDoors, type TestDoors } from './test-doors.ts';
import type { TlsMaterial } from './tls.ts';

let directory: string;
let server: Certificate;
let next: Certificate;
let authority: Certificate;
let client: Certificate;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'maru-tls-'));
  server = issueCertificate(directory, 'server');
  next = issueCertificate(directory, 'next');
  authority = issueCertificate(directory, 'authority');
  client = issueCertificate(directory, 'client', authority);
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

let doors: TestDoors;
let failures: string[] = [];
afterEach(() => doors.close(0));

const pem = (path: string): string => readFileSync(path, 'utf8');
const materialOf = ({ certPath, keyPath }: Certificate): TlsMaterial => ({
  cert: pem(certPath),
  key: pem(keyPath),
});

async function open(more: Partial<TlsMaterial> = {}): Promise<void> {
  failures = [];
  const handshakeFailed = (error: Error): void => void failures.push(error.message);
  doors = await openTestDoors({ tls: { ...materialOf(server), ...more, handshakeFailed } });
}

/** Posts a request of two spans over HTTP/1.1 and gives the status. */
function post(trusted: Certificate, more: RequestOptions = {}): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const outgoing = httpsRequest(
      `https://127.0.0.1:${doors.httpPort}/v1/traces`,
      {
        method: 'POST',
        ca: pem(trusted.certPath),
        agent: false,
        headers: { 'content-type': 'application/x-protobuf' },
        ...more,
      },
      (response) => {
        response.resume();
        response.on('end', () => resolve(response.statusCode));
      },
    );
    outgoing.on('error', reject);
    outgoing.end(tracesRequest(1, 2));
  });
}

/** Sends two spans by gRPC and gives what came before and after the message. */
async function call(url: string, ca?: string): Promise<Readonly<Record<string, unknown>>> {
  const session = connectHttp2(url, { ca });
  const stream = session.request({
    ':method': 'POST',
    ':path': '/opentelemetry.proto.collector.trace.v1.TraceService/Export',
    'content-type': 'application/grpc',
    te: 'trailers',
  });
  const heard: Record<string, unknown> = {};
  stream.on('response', (headers) => Object.assign(heard, headers));
  stream.on('trailers', (trailers) => Object.assign(heard, trailers));
  stream.resume();
  stream.end(grpcFrame(tracesRequest(1, 2)));
  await new Promise((resolve, reject) => {
    stream.on('close', resolve);
    session.on('error', reject);
  });
  session.close();
  return heard;
}

test('OTLP comes in over HTTPS and over gRPC with TLS', async () => {
  await open();
  expect(await post(server)).toBe(200);
  expect(await call(`https://127.0.0.1:${doors.grpcPort}`, pem(server.certPath))).toMatchObject({
    'grpc-status': '0',
  });
  expect(doors.taken.map(({ account }) => account.items)).toEqual([2, 2]);
  expect(failures).toEqual([]);
});

test('HTTP/2 on the HTTP door, and gRPC that meant the other, are understood behind TLS too', async () => {
  await open();
  const heard = await call(`https://127.0.0.1:${doors.httpPort}`, pem(server.certPath));
  expect(heard['grpc-status']).toBe('12');
  expect(String(heard['grpc-message'])).toContain('this is the port of OTLP/HTTP and you speak gRPC');
});

test('a body of many TLS records arrives whole', async () => {
  await open();
  const answer = await new Promise<number | undefined>((resolve, reject) => {
    const options = { method: 'POST', ca: pem(server.certPath), agent: false } as const;
    const outgoing = httpsRequest(`https://127.0.0.1:${doors.httpPort}/v1/traces`, options, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    outgoing.on('error', reject);
    outgoing.setHeader('content-type', 'application/x-protobuf');
    outgoing.end(tracesRequest(3, 1500));
  });
  expect(answer).toBe(200);
  expect(doors.taken[0]?.account.items).toBe(1500);
});

test('plain HTTP on either port is told so and counted', async () => {
  await open();
  const body = Uint8Array.from(tracesRequest(1, 1));
  for (const port of [doors.httpPort, doors.grpcPort]) {
    const response = await fetch(`http://127.0.0.1:${port}/v1/traces`, { method: 'POST', body });
    expect(response.status).toBe(415);
    expect(await response.text()).toBe(
      'this port speaks TLS and you do not: send to https:// in place of http://\n',
    );
  }
  const heard = await call(`http://127.0.0.1:${doors.grpcPort}`);
  expect(heard['grpc-status']).toBe('12');
  expect(String(heard['grpc-message'])).toContain('this port speaks TLS');
  const reasons = doors.rejected.flatMap(({ samples }) => samples.map(({ reason }) => reason));
  expect(reasons).toEqual(['wrong_port', 'wrong_port', 'wrong_port']);
  expect(doors.taken).toEqual([]);
});

test('a client that does not trust the certificate sends nothing', async () => {
  await open();
  await expect(post(authority)).rejects.toThrow();
  expect(doors.taken).toEqual([]);
});

test('with an authority of clients only its certificates come in', async () => {
  await open({ clientCa: pem(authority.certPath) });
  await expect(post(server)).rejects.toThrow();
  const stranger = { cert: pem(next.certPath), key: pem(next.keyPath) };
  await expect(post(server, stranger)).rejects.toThrow();
  await expect.poll(() => failures.join('; ')).toContain('peer did not return a certificate');
  expect(doors.taken).toEqual([]);
  expect(await post(server, { cert: pem(client.certPath), key: pem(client.keyPath) })).toBe(200);
});

test('a renewed certificate is shown to the next connection', async () => {
  await open();
  expect(await post(server)).toBe(200);
  doors.renewTls(materialOf(next));
  expect(await post(next)).toBe(200);
  await expect(post(server)).rejects.toThrow();
});

test('closing does not wait for connections that are idle behind TLS', async () => {
  await open();
  const session = connectHttp2(`https://127.0.0.1:${doors.grpcPort}`, { ca: pem(server.certPath) });
  await new Promise((resolve) => session.once('connect', resolve));
  const closed = new Promise((resolve) => session.once('close', resolve));
  await doors.close(60_000);
  await closed;
});
