import { OTLPLogExporter as GrpcLogExporter } from '@opentelemetry/exporter-logs-otlp-grpc';
import { OTLPLogExporter as JsonLogExporter } from '@opentelemetry/exporter-logs-otlp-http';
import { OTLPLogExporter as ProtobufLogExporter } from '@opentelemetry/exporter-logs-otlp-proto';
import { OTLPMetricExporter as GrpcMetricExporter } from '@opentelemetry/exporter-metrics-otlp-grpc';
import { OTLPMetricExporter as JsonMetricExporter } from '@opentelemetry/exporter-metrics-otlp-http';
import { OTLPMetricExporter as ProtobufMetricExporter } from '@opentelemetry/exporter-metrics-otlp-proto';
import { OTLPTraceExporter as GrpcTraceExporter } from '@opentelemetry/exporter-trace-otlp-grpc';
import { OTLPTraceExporter as JsonTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { OTLPTraceExporter as ProtobufTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { LoggerProvider, type LogRecordExporter, SimpleLogRecordProcessor } from '@opentelemetry/sdk-logs';
import {
  MeterProvider,
  PeriodicExportingMetricReader,
  type PushMetricExporter,
} from '@opentelemetry/sdk-metrics';
import { SimpleSpanProcessor, type SpanExporter, TracerProvider } from '@opentelemetry/sdk-trace';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { openTestDoors, type TestDoors } from './test-doors.ts';

// The nine senders of the OpenTelemetry JavaScript SDK against both doors.
let doors: TestDoors;
let seen = 0;
beforeAll(async () => {
  doors = await openTestDoors();
});
afterAll(() => doors.close(0));
beforeEach(() => {
  seen = doors.taken.length;
});

const resource = resourceFromAttributes({
  'service.name': 'board-api',
  'process.command_args': ['node', 'main'],
});
const http = (signal: string): { url: string } => ({
  url: `http://127.0.0.1:${doors.httpPort}/v1/${signal}`,
});
const grpc = (): { url: string } => ({ url: `http://127.0.0.1:${doors.grpcPort}` });

function lastTaken(): { services: [string, number][]; request: string } {
  const taken = doors.taken[seen];
  return {
    services: [...(taken?.account.services ?? [])],
    request: Buffer.from(taken?.request ?? []).toString('latin1'),
  };
}

describe('traces', () => {
  test.each<[string, () => SpanExporter]>([
    ['grpc', () => new GrpcTraceExporter(grpc())],
    ['http/json', () => new JsonTraceExporter(http('traces'))],
    ['http/protobuf', () => new ProtobufTraceExporter(http('traces'))],
  ])('%s', async (_, exporter) => {
    const provider = new TracerProvider({
      resource,
      spanProcessors: [new SimpleSpanProcessor({ exporter: exporter() })],
    });
    const span = provider
      .getTracer('test')
      .startSpan('POST /api/login', { attributes: { list: ['a', 'b'] } });
    span.end();
    await provider.shutdown();
    const { services, request } = lastTaken();
    expect(services).toEqual([['board-api', 1]]);
    expect(request).toContain(Buffer.from(span.spanContext().traceId, 'hex').toString('latin1'));
    expect(request).toContain('["a","b"]');
    expect(request).toContain('["node","main"]');
  });
});

describe('metrics', () => {
  test.each<[string, () => PushMetricExporter]>([
    ['grpc', () => new GrpcMetricExporter(grpc())],
    ['http/json', () => new JsonMetricExporter(http('metrics'))],
    ['http/protobuf', () => new ProtobufMetricExporter(http('metrics'))],
  ])('%s', async (_, exporter) => {
    const reader = new PeriodicExportingMetricReader({ exporter: exporter(), exportIntervalMillis: 60_000 });
    const provider = new MeterProvider({ resource, readers: [reader] });
    const meter = provider.getMeter('test');
    meter.createCounter('board.logins').add(2, { result: 'success' });
    meter.createHistogram('http.server.request.duration').record(0.25);
    await provider.shutdown();
    expect(lastTaken().services).toEqual([['board-api', 2]]);
    expect(doors.taken[seen]?.account.kinds).toMatchObject({ number: 1, histogram: 1 });
  });
});

describe('logs', () => {
  test.each<[string, () => LogRecordExporter]>([
    ['grpc', () => new GrpcLogExporter(grpc())],
    ['http/json', () => new JsonLogExporter(http('logs'))],
    ['http/protobuf', () => new ProtobufLogExporter(http('logs'))],
  ])('%s', async (_, exporter) => {
    const processor = new SimpleLogRecordProcessor({ exporter: exporter() });
    const provider = new LoggerProvider({ resource, processors: [processor] });
    provider.getLogger('test').emit({ body: '관리자 로그인 성공', attributes: { n: 1 } });
    await provider.shutdown();
    const { services, request } = lastTaken();
    expect(services).toEqual([['board-api', 1]]);
    expect(Buffer.from(request, 'latin1').toString('utf8')).toContain('관리자 로그인 성공');
  });
});

test('nothing that the senders sent was rejected', () => {
  expect(doors.rejected).toEqual([]);
  expect(doors.taken).toHaveLength(9);
});
