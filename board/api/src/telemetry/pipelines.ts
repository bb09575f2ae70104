import {
  BatchLogRecordProcessor,
  type LogRecordExporter,
  type LogRecordProcessor,
  type ReadableLogRecord,
} from '@opentelemetry/sdk-logs';
import { type IMetricReader, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import {
  BatchSpanProcessor,
  type ReadableSpan,
  type SpanExporter,
  type SpanProcessor,
} from '@opentelemetry/sdk-trace';
import { isOtlpOnly, protocolOf } from './destinations.ts';
import { readBatchLimits, readMetricTiming } from './environment.ts';
import { logExporterFor, metricExporterFor, spanExporterFor } from './exporters.ts';
import { type Course, GatedExporter, GatedMetricExporter } from './gate.ts';

/** The way out for all three signals together. */
export interface TelemetryRoute {
  setCourse(course: Course): void;
  /** Batches of any signal dropped while stopped, since the last call. */
  takeDropped(): number;
}

/** What the SDK is given to export with, and the handles kept on it. */
export interface Pipelines {
  readonly options: PipelineOptions;
  readonly route: TelemetryRoute;
  flush(): Promise<void>;
}

interface PipelineOptions {
  spanProcessors?: SpanProcessor[];
  metricReaders?: IMetricReader[];
  logRecordProcessors?: LogRecordProcessor[];
}

interface Pipeline {
  readonly options: PipelineOptions;
  readonly gate: TelemetryRoute;
  flush(): Promise<void>;
}

/**
 * Opens one pipeline per signal. A signal that the operator sends elsewhere than to OTLP (`console`, `none`,
 * `prometheus`) is left to the SDK, which then makes its exporter itself; the telemetry faults do not touch it.
 */
export function openPipelines(environment: NodeJS.ProcessEnv): Pipelines {
  const pipelines = [
    ...(isOtlpOnly(environment, 'traces') ? [tracePipeline(environment)] : []),
    ...(isOtlpOnly(environment, 'metrics') ? [metricPipeline(environment)] : []),
    ...(isOtlpOnly(environment, 'logs') ? [logPipeline(environment)] : []),
  ];
  return {
    options: Object.assign({}, ...pipelines.map((pipeline) => pipeline.options)),
    route: joinRoutes(pipelines.map((pipeline) => pipeline.gate)),
    flush: async () => {
      await Promise.allSettled(pipelines.map((pipeline) => pipeline.flush()));
    },
  };
}

function tracePipeline(environment: NodeJS.ProcessEnv): Pipeline {
  const gate = new GatedExporter<ReadableSpan[], SpanExporter>(
    spanExporterFor(protocolOf(environment, 'traces')),
  );
  const processor = new BatchSpanProcessor({ exporter: gate, ...readBatchLimits(environment, 'OTEL_BSP') });
  return { options: { spanProcessors: [processor] }, gate, flush: () => processor.forceFlush() };
}

function metricPipeline(environment: NodeJS.ProcessEnv): Pipeline {
  const gate = new GatedMetricExporter(metricExporterFor(protocolOf(environment, 'metrics')));
  const reader = new PeriodicExportingMetricReader({ exporter: gate, ...readMetricTiming(environment) });
  return { options: { metricReaders: [reader] }, gate, flush: () => reader.forceFlush() };
}

function logPipeline(environment: NodeJS.ProcessEnv): Pipeline {
  const gate = new GatedExporter<ReadableLogRecord[], LogRecordExporter>(
    logExporterFor(protocolOf(environment, 'logs')),
  );
  const processor = new BatchLogRecordProcessor({
    exporter: gate,
    ...readBatchLimits(environment, 'OTEL_BLRP'),
  });
  return { options: { logRecordProcessors: [processor] }, gate, flush: () => processor.forceFlush() };
}

function joinRoutes(gates: readonly TelemetryRoute[]): TelemetryRoute {
  return {
    setCourse: (course) => {
      for (const gate of gates) gate.setCourse(course);
    },
    takeDropped: () => gates.reduce((sum, gate) => sum + gate.takeDropped(), 0),
  };
}
