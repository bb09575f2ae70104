import { expect, test } from 'vitest';
import { describeDestinations } from './destinations.ts';

function targets(environment: NodeJS.ProcessEnv): string[] {
  return describeDestinations(environment, 'board-api').map(({ target }) => target);
}

test('the default is OTLP over http/protobuf to port 4318', () => {
  expect(describeDestinations({}, 'board-api')).toEqual([
    { service: 'board-api', signal: 'traces', target: 'http://localhost:4318/v1/traces (http/protobuf)' },
    { service: 'board-api', signal: 'metrics', target: 'http://localhost:4318/v1/metrics (http/protobuf)' },
    { service: 'board-api', signal: 'logs', target: 'http://localhost:4318/v1/logs (http/protobuf)' },
  ]);
});

test('a signal of its own endpoint, protocol or exporter is told apart, and credentials are left out', () => {
  expect(
    targets({
      OTEL_EXPORTER_OTLP_ENDPOINT: 'http://user:pass@stack:4318/otlp/?key=1',
      OTEL_EXPORTER_OTLP_LOGS_ENDPOINT: 'http://logs:4317',
      OTEL_EXPORTER_OTLP_LOGS_PROTOCOL: 'grpc',
      OTEL_METRICS_EXPORTER: 'none',
    }),
  ).toEqual([
    'http://stack:4318/otlp/ (http/protobuf)',
    'nowhere (OTEL_METRICS_EXPORTER is none)',
    'http://logs:4317/ (grpc)',
  ]);
});

test('the service name is the one that the SDK will use', () => {
  expect(describeDestinations({ OTEL_RESOURCE_ATTRIBUTES: 'a=b, service.name=shop' }, 'x')[0]?.service).toBe(
    'shop',
  );
  expect(describeDestinations({ OTEL_SERVICE_NAME: 'till' }, 'x')[0]?.service).toBe('till');
  expect(targets({ OTEL_SDK_DISABLED: 'true' })[0]).toBe('nowhere (OTEL_SDK_DISABLED is true)');
});
