import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { createServer as createHttp2Server } from 'node:http2';
import { expect, test } from 'vitest';
import { poll, startBoard } from './board.ts';

const quick = {
  OTEL_BSP_SCHEDULE_DELAY: '50',
  OTEL_BLRP_SCHEDULE_DELAY: '50',
  OTEL_METRIC_EXPORT_INTERVAL: '200',
};
/** No database answers there, so that the API logs and traces its attempts by itself. */
const noDatabase = 'mysql://board@127.0.0.1:9/board';

test('telemetry goes out as OTLP/HTTP protobuf by default', async () => {
  const seen = new Set<string>();
  const server = createHttpServer((request, response) => {
    seen.add(`${request.url} ${request.headers['content-type']}`);
    request.resume().on('end', () => response.end());
  }).listen(0, '127.0.0.1');
  await expectSignals(server, {}, seen, [
    '/v1/traces application/x-protobuf',
    '/v1/metrics application/x-protobuf',
    '/v1/logs application/x-protobuf',
  ]);
});

test('telemetry goes out as OTLP/gRPC when asked', async () => {
  const seen = new Set<string>();
  const server = createHttp2Server().listen(0, '127.0.0.1');
  server.on('stream', (stream, headers) => {
    seen.add(`${headers[':path']} ${headers['content-type']}`);
    stream.on('error', () => undefined);
    stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
    stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
    // An empty response message: not compressed, length 0.
    stream.resume().on('end', () => stream.end(Buffer.alloc(5)));
  });
  const service = (signal: string) =>
    `/opentelemetry.proto.collector.${signal}Service/Export application/grpc`;
  await expectSignals(server, { OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' }, seen, [
    service('trace.v1.Trace'),
    service('metrics.v1.Metrics'),
    service('logs.v1.Logs'),
  ]);
});

async function expectSignals(
  server: ReturnType<typeof createHttpServer> | ReturnType<typeof createHttp2Server>,
  environment: Record<string, string>,
  seen: ReadonlySet<string>,
  wanted: readonly string[],
): Promise<void> {
  if (!server.listening) await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const board = await startBoard({
    ...quick,
    ...environment,
    BOARD_DATABASE_URL: noDatabase,
    OTEL_SDK_DISABLED: 'false',
    OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}`,
  });
  await fetch(`${board.url}/api/info`);
  await poll(() => wanted.every((signal) => seen.has(signal)));
  expect(await board.end()).toBe(0);
  server.close();
}
