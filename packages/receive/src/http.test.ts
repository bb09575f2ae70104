import { connect as connectHttp2 } from 'node:http2';
import { connect } from 'node:net';
import { deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { Refusal } from '@maru/ledger';
import {
  concat,
  contentTypes,
  fixed64Field,
  lengthDelimited,
  statusMessage,
  stringField,
  varintField,
} from '@maru/otlp';
import { logsRequest, metricsRequest, tracesRequest } from '@maru/testkit';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ByteBudget } from './budget.ts';
import { journalFull, openTestDoors, type TestDoors } from './test-doors.ts';

let doors: TestDoors;
beforeEach(async () => {
  doors = await openTestDoors();
});
afterEach(() => doors.close(0));

const protobuf = { 'content-type': contentTypes.protobuf };
const sound = tracesRequest(1, 3);

function post(
  path: string,
  body: Uint8Array | string,
  headers: Record<string, string> = protobuf,
): Promise<Response> {
  return fetch(`http://127.0.0.1:${doors.httpPort}${path}`, {
    method: 'POST',
    headers,
    body: typeof body === 'string' ? body : Uint8Array.from(body),
  });
}

async function bytesOf(response: Response): Promise<Buffer> {
  return Buffer.from(await response.arrayBuffer());
}

test.each([
  ['traces', tracesRequest(1, 5)],
  ['metrics', metricsRequest(1, 5)],
  ['logs', logsRequest(1, 5)],
] as const)(
  '%s are taken as they are, and complete success is the empty message',
  async (signal, request) => {
    const response = await post(`/v1/${signal}`, request);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe(contentTypes.protobuf);
    expect(await bytesOf(response)).toHaveLength(0);
    expect(doors.taken).toMatchObject([{ signal, account: { items: 5 } }]);
    expect(Buffer.from(doors.taken[0]?.request ?? []).equals(request)).toBe(true);
  },
);

test.each([
  ['gzip', gzipSync(sound)],
  ['deflate', deflateSync(sound)],
  ['zstd', zstdCompressSync(sound)],
  ['identity', sound],
])('a body in %s is taken', async (encoding, body) => {
  const response = await post('/v1/traces', body, { ...protobuf, 'content-encoding': encoding });
  expect(response.status).toBe(200);
  expect(Buffer.from(doors.taken[0]?.request ?? []).equals(sound)).toBe(true);
});

test('JSON is taken and answered in JSON', async () => {
  const body = { resourceLogs: [{ scopeLogs: [{ logRecords: [{ body: { stringValue: '글' } }] }] }] };
  const response = await post('/v1/logs', JSON.stringify(body), {
    'content-type': 'application/json; charset=utf-8',
  });
  expect(response.status).toBe(200);
  expect(await response.json()).toEqual({ partialSuccess: {} });
  expect(doors.taken).toMatchObject([{ signal: 'logs', account: { items: 1 } }]);
});

test('an empty request succeeds and is not journaled', async () => {
  expect((await post('/v1/traces', new Uint8Array(0))).status).toBe(200);
  expect(doors.taken).toHaveLength(0);
});

describe('partial success', () => {
  const bad = lengthDelimited(1, lengthDelimited(2, lengthDelimited(2, fixed64Field(7, 5n))));

  test('in protobuf gives the count and the reason, and the ledger knows', async () => {
    const response = await post('/v1/traces', concat(sound, bad));
    const field = 'resource_spans[1].scope_spans[0].spans[0].trace_id';
    const sentence = `1 rejected (invalid_trace_id): ${field} must be 16 bytes that are not all zero`;
    expect(response.status).toBe(200);
    const expected = lengthDelimited(1, varintField(1, 1), stringField(2, sentence));
    expect((await bytesOf(response)).equals(expected)).toBe(true);
    expect(doors.rejected).toMatchObject([
      {
        signal: 'traces',
        samples: [{ reason: 'invalid_trace_id', count: 1, field, source: 'unknown_service' }],
      },
    ]);
  });

  test('in JSON names the signal', async () => {
    const body = { resourceSpans: [{ scopeSpans: [{ spans: [{ traceId: 'ab' }] }] }] };
    const response = await post('/v1/traces', JSON.stringify(body), { 'content-type': 'application/json' });
    expect(await response.json()).toMatchObject({ partialSuccess: { rejectedSpans: '1' } });
  });
});

describe('errors', () => {
  test.each([
    ['malformed protobuf', '/v1/traces', Uint8Array.of(0x0a, 0xff), protobuf, 400],
    ['malformed JSON', '/v1/traces', '{', { 'content-type': 'application/json' }, 400],
    ['a body that is not gzip', '/v1/traces', sound, { ...protobuf, 'content-encoding': 'gzip' }, 400],
    ['another path', '/v1/profiles', sound, protobuf, 404],
    ['too large a body', '/v1/traces', new Uint8Array(1024 * 1024 + 1), protobuf, 413],
    [
      'a bomb: small in gzip, large when inflated',
      '/v1/traces',
      gzipSync(new Uint8Array(64 * 1024 * 1024)),
      { ...protobuf, 'content-encoding': 'gzip' },
      413,
    ],
    ['another content type', '/v1/traces', sound, { 'content-type': 'text/plain' }, 415],
    ['another content encoding', '/v1/traces', sound, { ...protobuf, 'content-encoding': 'br' }, 415],
  ] as const)('%s', async (_, path, body, headers, status) => {
    const response = await post(path, body, headers);
    expect(response.status).toBe(status);
    expect((await bytesOf(response)).length).toBeGreaterThan(10);
    expect(response.headers.get('retry-after')).toBeNull();
    expect(doors.taken).toHaveLength(0);
  });

  test('405 names what is allowed', async () => {
    const response = await fetch(`http://127.0.0.1:${doors.httpPort}/v1/logs`);
    expect(response.status).toBe(405);
    expect(response.headers.get('allow')).toBe('POST, OPTIONS');
  });

  test('503 carries Retry-After and a Status in the encoding of the request', async () => {
    doors.refuse(journalFull);
    const response = await post('/v1/traces', sound);
    expect(response.status).toBe(503);
    expect(response.headers.get('retry-after')).toBe('5');
    const expected = statusMessage({ code: 14, message: 'the journal is full' }, 'protobuf');
    expect((await bytesOf(response)).equals(expected)).toBe(true);
    expect(doors.rejected).toMatchObject([{ samples: [{ reason: 'journal_full', count: 3 }] }]);
    doors.refuse(undefined);
    expect((await post('/v1/traces', sound)).status).toBe(200);
  });

  test('an unexpected error is answered so that the sender tries again', async () => {
    doors.refuse(Object.assign(new Refusal('journal_error', 'EIO'), { retryAfterSeconds: 5 }));
    const response = await post('/v1/logs', logsRequest(1, 1), protobuf);
    expect(response.status).toBe(503);
  });

  test('429 when all doors together hold too many bytes', async () => {
    await doors.close(0);
    doors = await openTestDoors({ budget: new ByteBudget(10) });
    const response = await post('/v1/traces', sound);
    expect(response.status).toBe(429);
    expect(response.headers.get('retry-after')).toBe('1');
  });

  test('a status in JSON', async () => {
    const response = await post('/v1/logs', '[]', { 'content-type': 'application/json' });
    expect(await response.json()).toEqual({
      code: 3,
      message: 'the request is not valid OTLP/JSON: the request must be an object',
    });
  });

  test('every refusal is counted with its reason', async () => {
    await post('/v1/traces', sound, { 'content-type': 'text/plain' });
    await post('/v1/logs', Uint8Array.of(1));
    expect(
      doors.rejected.flatMap(({ samples }) => samples.map(({ reason, source }) => [reason, source])),
    ).toEqual([
      ['unsupported_content_type', 'loopback'],
      ['malformed', 'loopback'],
    ]);
  });
});

test('the connection stays usable after a refused body', async () => {
  const head = (length: number): string =>
    `POST /v1/traces HTTP/1.1\r\nhost: x\r\ncontent-type: application/x-protobuf\r\ncontent-length: ${length}\r\n\r\n`;
  const socket = connect(doors.httpPort, '127.0.0.1');
  const answers = readUntil(socket, (text) => (text.match(/HTTP\/1\.1 \d+/g) ?? []).length === 2);
  socket.write(head(2 * 1024 * 1024));
  socket.write(new Uint8Array(2 * 1024 * 1024));
  socket.write(head(sound.length));
  socket.write(sound);
  expect((await answers).match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 413', 'HTTP/1.1 200']);
  socket.destroy();
});

describe('CORS', () => {
  const preflight = (origin: string): Promise<Response> =>
    fetch(`http://127.0.0.1:${doors.httpPort}/v1/traces`, { method: 'OPTIONS', headers: { origin } });

  test.each(['https://board.example.com', 'https://board.10-0-0-1.nip.io'])('%s may send', async (origin) => {
    const response = await preflight(origin);
    expect(response.status).toBe(204);
    expect(response.headers.get('access-control-allow-origin')).toBe(origin);
    expect(response.headers.get('access-control-allow-headers')).toContain('traceparent');
  });

  test.each(['https://evil.example.com', 'https://nip.io.evil.com', 'http://board.example.com', 'null'])(
    '%s may not',
    async (origin) => {
      const response = await preflight(origin);
      expect(response.status).toBe(403);
      expect(response.headers.get('access-control-allow-origin')).toBeNull();
    },
  );
});

test('GET / says what this port is', async () => {
  const response = await fetch(`http://127.0.0.1:${doors.httpPort}/`);
  expect(await response.text()).toContain('POST to /v1/traces');
});

test('gRPC on this port is told which port to use, and counted', async () => {
  await doors.close(0);
  doors = await openTestDoors({ grpcPort: 0 });
  const session = connectHttp2(`http://127.0.0.1:${doors.httpPort}`);
  const path = '/opentelemetry.proto.collector.trace.v1.TraceService/Export';
  const stream = session.request({ ':method': 'POST', ':path': path, 'content-type': 'application/grpc' });
  stream.end(new Uint8Array(5));
  const headers = await new Promise<Record<string, unknown>>((resolve) => stream.on('response', resolve));
  expect(headers['grpc-status']).toBe('12');
  expect(decodeURIComponent(String(headers['grpc-message']))).toContain('you speak gRPC: send to port');
  expect(doors.rejected).toMatchObject([{ samples: [{ reason: 'wrong_port' }] }]);
  session.destroy();
});

test('a request under way is finished when the door closes', async () => {
  const socket = connect(doors.httpPort, '127.0.0.1');
  const answer = readUntil(socket, (text) => text.includes('HTTP/1.1 200'));
  const half = Math.floor(sound.length / 2);
  const head = `POST /v1/traces HTTP/1.1\r\nhost: x\r\ncontent-type: application/x-protobuf\r\ncontent-length: ${sound.length}\r\n\r\n`;
  await new Promise<void>((resolve) => socket.write(head, () => resolve()));
  await new Promise<void>((resolve) => socket.write(sound.subarray(0, half), () => resolve()));
  // The server has the request once another connection, opened later, was answered.
  await post('/v1/traces', sound);
  const closing = doors.close(3000);
  socket.write(sound.subarray(half));
  expect(await answer).toContain('HTTP/1.1 200');
  await closing;
  doors = await openTestDoors();
});

function readUntil(socket: ReturnType<typeof connect>, done: (text: string) => boolean): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    socket.on('error', reject);
    socket.on('close', () => reject(new Error(`the connection closed after: ${text}`)));
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1');
      if (done(text)) resolve(text);
    });
  });
}
