import { Agent } from 'node:http';
import { type Attributes, type Meter, SpanKind, SpanStatusCode, type Tracer } from '@opentelemetry/api';
import { SeverityNumber } from '@opentelemetry/api-logs';
import { OTLPLogExporter } from '@opentelemetry/exporter-logs-otlp-proto';
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-proto';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchLogRecordProcessor, LoggerProvider } from '@opentelemetry/sdk-logs';
import { MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import { BatchSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';

export interface TelemetryOptions {
  readonly version: string;
  /** Where this stack takes OTLP over HTTP, such as `http://127.0.0.1:4318`. */
  readonly endpoint: string;
  /** A Unix socket to send over in place of the endpoint's port. */
  readonly socketPath?: string;
  /** Sent with every request. */
  readonly headers: Readonly<Record<string, string>>;
}

/** The stack's own telemetry, sent to itself as service `maru`. */
export interface Telemetry {
  readonly meter: Meter;
  /** A warning for people, as a log record. */
  warn(sentence: string): void;
  /** Begins the span of one request that this process answers. */
  request(method: string, route: string): RequestSpan;
  close(): Promise<void>;
}

export interface RequestSpan {
  end(status: number): void;
}

/** Own metrics are sent this often: seldom enough that an idle stack stays idle. */
const metricIntervalMilliseconds = 30_000;

/**
 * Starts the SDK. Only what users cause (queries, page loads) makes spans, and taking telemetry in makes none: were it
 * otherwise, each batch of own telemetry would cause the next one.
 */
export function startTelemetry({ version, endpoint, socketPath, headers }: TelemetryOptions): Telemetry {
  const common = {
    headers,
    ...(socketPath !== undefined && { httpAgentOptions: () => socketAgent(socketPath) }),
  };
  const resource = resourceFromAttributes({
    'service.name': 'maru',
    'service.version': version,
    'service.instance.id': `engine-${process.pid}`,
  });
  const tracers = new TracerProvider({
    resource,
    spanProcessors: [
      new BatchSpanProcessor({
        exporter: new OTLPTraceExporter({ url: `${endpoint}/v1/traces`, ...common }),
      }),
    ],
  });
  const meters = new MeterProvider({
    resource,
    readers: [
      new PeriodicExportingMetricReader({
        exporter: new OTLPMetricExporter({ url: `${endpoint}/v1/metrics`, ...common }),
        exportIntervalMillis: metricIntervalMilliseconds,
      }),
    ],
  });
  const loggers = new LoggerProvider({
    resource,
    processors: [
      new BatchLogRecordProcessor({
        exporter: new OTLPLogExporter({ url: `${endpoint}/v1/logs`, ...common }),
      }),
    ],
  });
  const logger = loggers.getLogger('maru');
  const meter = meters.getMeter('maru', version);
  return {
    meter,
    warn: (body) => logger.emit({ severityNumber: SeverityNumber.WARN, severityText: 'WARN', body }),
    request: requestSpans(tracers.getTracer('maru', version), meter),
    close: async () => {
      await Promise.allSettled([tracers.shutdown(), meters.shutdown(), loggers.shutdown()]);
    },
  };
}

/** Node's agents take `socketPath` as requests do, though the types do not name it. */
function socketAgent(socketPath: string): Agent {
  const options = { keepAlive: true, socketPath };
  return new Agent(options);
}

function requestSpans(tracer: Tracer, meter: Meter): (method: string, route: string) => RequestSpan {
  const duration = meter.createHistogram('http.server.request.duration', {
    unit: 's',
    description: 'Duration of HTTP server requests',
    advice: { explicitBucketBoundaries: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] },
  });
  return (method, route) => {
    const started = performance.now();
    const attributes = { 'http.request.method': method, 'http.route': route };
    const span = tracer.startSpan(`${method} ${route}`, { kind: SpanKind.SERVER, attributes });
    return {
      end: (status) => {
        const measured: Attributes = { ...attributes, 'http.response.status_code': status };
        duration.record((performance.now() - started) / 1000, measured);
        span.setAttribute('http.response.status_code', status);
        if (status >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
        span.end();
      },
    };
  };
}

/** The telemetry of a stack that was told to send none. */
export function noTelemetry(meter: Meter): Telemetry {
  return {
    meter,
    warn: () => undefined,
    request: () => ({ end: () => undefined }),
    close: () => Promise.resolve(),
  };
}
