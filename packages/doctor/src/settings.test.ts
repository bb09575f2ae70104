import { describe, expect, it } from 'vitest';
import { planLines, planOf, variablesIn } from './settings.ts';

function urlsOf(text: string): readonly string[] {
  return planOf(variablesIn(text)).signals.map(({ url }) => url);
}

describe('where the signals go', () => {
  it('to localhost when nothing is set', () => {
    expect(urlsOf('')).toEqual(
      ['traces', 'metrics', 'logs'].map((signal) => `http://localhost:4318/v1/${signal}`),
    );
  });

  it('to the base endpoint with the path appended, once', () => {
    expect(urlsOf('OTEL_EXPORTER_OTLP_ENDPOINT=http://maru:4318/')[0]).toBe('http://maru:4318/v1/traces');
    expect(urlsOf('OTEL_EXPORTER_OTLP_ENDPOINT=http://maru:4318/v1/traces')[0]).toBe(
      'http://maru:4318/v1/traces/v1/traces',
    );
  });

  it('to the own endpoint of a signal as it is', () => {
    expect(urlsOf('OTEL_EXPORTER_OTLP_TRACES_ENDPOINT=http://maru:4318')[0]).toBe('http://maru:4318');
  });

  it('without a path over gRPC', () => {
    expect(urlsOf('OTEL_EXPORTER_OTLP_PROTOCOL=grpc\nOTEL_EXPORTER_OTLP_ENDPOINT=http://maru:4317')[2]).toBe(
      'http://maru:4317',
    );
  });

  it('nowhere when the exporter is none', () => {
    expect(urlsOf('export OTEL_LOGS_EXPORTER=none')[2]).toBe('');
  });
});

it('names headers and never their values, nor a login in the address', () => {
  const plan = planOf(
    variablesIn(
      'OTEL_EXPORTER_OTLP_HEADERS="authorization=Bearer%20hunter2"\nOTEL_EXPORTER_OTLP_ENDPOINT=http://me:hunter2@maru:4318',
    ),
  );
  const text = planLines(plan).join('\n');
  expect(text).toContain('headers: authorization');
  expect(text).not.toContain('hunter2');
});

it('takes the service name from the attributes when its own variable is not set', () => {
  expect(planOf({ OTEL_RESOURCE_ATTRIBUTES: 'a=b,service.name=board' }).serviceName).toBe('board');
  expect(planOf({}).serviceName).toBe('unknown_service');
});
