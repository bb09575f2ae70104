import { connect } from 'node:http2';
import { tracesRequest } from '@maru/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestDoors, type TestDoors } from './test-doors.ts';

let doors: TestDoors;
beforeAll(async () => {
  doors = await openTestDoors();
});
afterAll(() => doors.close(0));

/** One request over HTTP/2 on the HTTP door; its status and body. */
function post(
  path: string,
  body: Uint8Array,
  headers: Readonly<Record<string, string>>,
): Promise<{ readonly status: number; readonly body: string }> {
  const session = connect(`http://127.0.0.1:${doors.httpPort}`);
  return new Promise((resolve, reject) => {
    const stream = session.request({ ':method': 'POST', ':path': path, ...headers });
    const chunks: Uint8Array[] = [];
    let status = 0;
    session.on('error', reject);
    stream.on('error', reject);
    stream.on('response', (answer) => {
      status = answer[':status'] ?? 0;
    });
    stream.on('data', (chunk: Uint8Array) => chunks.push(chunk));
    stream.on('end', () => {
      session.close();
      resolve({ status, body: Buffer.concat(chunks).toString() });
    });
    stream.end(body);
  });
}

test('OTLP/HTTP is taken over HTTP/2, large requests too', async () => {
  const headers = { 'content-type': 'application/x-protobuf' };
  const request = tracesRequest(1, 2000);
  expect(await post('/v1/traces', request, headers)).toEqual({ status: 200, body: '' });
  expect(Buffer.from(doors.taken[0]?.request ?? []).equals(request)).toBe(true);
});

test('errors are answered as over HTTP/1.1', async () => {
  expect(await post('/v1/traces', Buffer.from('{'), { 'content-type': 'application/json' })).toMatchObject({
    status: 400,
  });
  expect((await post('/nowhere', Buffer.from(''), {})).status).toBe(404);
});

test('a gRPC call is told the right port, and counted', async () => {
  const path = '/opentelemetry.proto.collector.trace.v1.TraceService/Export';
  await post(path, Buffer.from(''), { 'content-type': 'application/grpc' });
  expect(doors.rejected.at(-1)?.samples).toMatchObject([{ reason: 'wrong_port' }]);
});
