import { connect, constants } from 'node:http2';
import { gzipSync } from 'node:zlib';
import { lengthDelimited, statusMessage } from '@maru/otlp';
import { metricsRequest, tracesRequest } from '@maru/testkit';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { grpcFrame, percentEncoded } from './grpc-frame.ts';
import { journalFull, openTestDoors, type TestDoors } from './test-doors.ts';

let doors: TestDoors;
beforeEach(async () => {
  doors = await openTestDoors();
});
afterEach(() => doors.close(0));

const tracePath = '/opentelemetry.proto.collector.trace.v1.TraceService/Export';
const metricsPath = '/opentelemetry.proto.collector.metrics.v1.MetricsService/Export';

interface Answer {
  readonly headers: Readonly<Record<string, unknown>>;
  readonly trailers: Readonly<Record<string, unknown>>;
  readonly body: Buffer;
}

async function call(path: string, frame: Uint8Array, more: Record<string, string> = {}): Promise<Answer> {
  const session = connect(`http://127.0.0.1:${doors.grpcPort}`);
  const stream = session.request({
    ':method': 'POST',
    ':path': path,
    'content-type': 'application/grpc',
    te: 'trailers',
    ...more,
  });
  let headers: Answer['headers'] = {};
  let trailers: Answer['trailers'] = {};
  stream.on('response', (received) => {
    headers = received;
  });
  stream.on('trailers', (received) => {
    trailers = received;
  });
  stream.end(frame);
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream as AsyncIterable<Uint8Array>) chunks.push(chunk);
  session.close();
  return { headers, trailers, body: Buffer.concat(chunks) };
}

function compressedFrame(message: Uint8Array): Uint8Array {
  const frame = grpcFrame(message);
  frame[0] = 1;
  return frame;
}

test('a call is answered with an empty message and status 0', async () => {
  const request = tracesRequest(1, 3);
  const { headers, trailers, body } = await call(tracePath, grpcFrame(request));
  expect(headers).toMatchObject({ ':status': 200, 'content-type': 'application/grpc' });
  expect(trailers['grpc-status']).toBe('0');
  expect(body.equals(Buffer.alloc(5))).toBe(true);
  expect(doors.taken).toMatchObject([{ signal: 'traces', account: { items: 3 } }]);
});

test('a compressed message is taken', async () => {
  const request = metricsRequest(1, 3);
  const { trailers } = await call(metricsPath, compressedFrame(gzipSync(request)), {
    'grpc-encoding': 'gzip',
  });
  expect(trailers['grpc-status']).toBe('0');
  expect(Buffer.from(doors.taken[0]?.request ?? []).equals(request)).toBe(true);
});

test('a large message is taken beside small ones', async () => {
  await doors.close(0);
  doors = await openTestDoors({ maxRequestBytes: 32 * 1024 * 1024 });
  const request = tracesRequest(1, 60_000);
  const answers = await Promise.all([
    call(tracePath, grpcFrame(request)),
    ...Array.from({ length: 20 }, (_, seed) => call(tracePath, grpcFrame(tracesRequest(seed, 10)))),
  ]);
  expect(answers.map(({ trailers }) => trailers['grpc-status'])).toEqual(answers.map(() => '0'));
  expect(doors.taken.reduce((sum, { account }) => sum + account.items, 0)).toBe(60_200);
});

test('partial success is in the message', async () => {
  const { body, trailers } = await call(
    tracePath,
    grpcFrame(lengthDelimited(1, lengthDelimited(2, lengthDelimited(2)))),
  );
  expect(trailers['grpc-status']).toBe('0');
  expect(body.toString('utf8')).toContain('1 rejected (invalid_trace_id)');
});

describe('errors', () => {
  test.each([
    ['malformed protobuf', tracePath, grpcFrame(Uint8Array.of(0x0a, 0xff)), {}, '3'],
    [
      'a frame that claims more than follows',
      tracePath,
      Uint8Array.of(0, 0xff, 0xff, 0xff, 0xff, 1),
      {},
      '3',
    ],
    ['no frame at all', tracePath, new Uint8Array(0), {}, '3'],
    ['too large a message', tracePath, grpcFrame(new Uint8Array(1024 * 1024 + 1)), {}, '8'],
    [
      'a bomb',
      tracePath,
      compressedFrame(gzipSync(new Uint8Array(64 * 1024 * 1024))),
      { 'grpc-encoding': 'gzip' },
      '8',
    ],
    [
      'an unknown compression',
      tracePath,
      compressedFrame(new Uint8Array(9)),
      { 'grpc-encoding': 'snappy' },
      '12',
    ],
    ['an unknown method', '/x.y/Z', grpcFrame(new Uint8Array(0)), {}, '12'],
  ])('%s', async (_, path, frame, headers, status) => {
    const answer = await call(path, frame, headers);
    expect(answer.headers['grpc-status']).toBe(status);
    expect(String(answer.headers['grpc-message']).length).toBeGreaterThan(10);
    expect(doors.taken).toHaveLength(0);
  });

  test('UNAVAILABLE carries a Status with RetryInfo', async () => {
    doors.refuse(journalFull);
    const { headers } = await call(tracePath, grpcFrame(tracesRequest(1, 2)));
    expect(headers['grpc-status']).toBe('14');
    const details = statusMessage(
      { code: 14, message: 'the journal is full', retryAfterSeconds: 5 },
      'protobuf',
    );
    expect(headers['grpc-status-details-bin']).toBe(Buffer.from(details).toString('base64'));
    expect(doors.rejected).toMatchObject([{ samples: [{ reason: 'journal_full', count: 2 }] }]);
  });

  test('another content type is told which port to use', async () => {
    const { headers, body } = await call('/v1/traces', new Uint8Array(1), {
      'content-type': 'application/x-protobuf',
    });
    expect(headers[':status']).toBe(415);
    expect(body.toString()).toContain('send OTLP/HTTP to port');
  });
});

test('HTTP/1.1 on this port is told which port to use, and counted', async () => {
  const response = await fetch(`http://127.0.0.1:${doors.grpcPort}/v1/traces`, { method: 'POST', body: 'x' });
  expect(response.status).toBe(415);
  expect(await response.text()).toContain('you speak HTTP/1.1: send OTLP/HTTP to port');
  expect(doors.rejected).toMatchObject([{ samples: [{ reason: 'wrong_port' }] }]);
});

test('a caller that resets its call does not disturb others', async () => {
  const session = connect(`http://127.0.0.1:${doors.grpcPort}`);
  const stream = session.request({
    ':method': 'POST',
    ':path': tracePath,
    'content-type': 'application/grpc',
  });
  stream.on('error', () => undefined);
  stream.write(new Uint8Array(3));
  stream.close(constants.NGHTTP2_CANCEL);
  session.destroy();
  const { trailers } = await call(tracePath, grpcFrame(tracesRequest(1, 1)));
  expect(trailers['grpc-status']).toBe('0');
});

test('a message is percent-encoded as gRPC wants it', () => {
  expect(percentEncoded('50 % 가\n')).toBe('50 %25 %EA%B0%80%0A');
});
