import { OTLPLogExporter as GrpcLogExporter } from '@opentelemetry/exporter-logs-otlp-grpc';
import { OTLPLogExporter as JsonLogExporter } from '@opentelemetry/exporter-logs-otlp-http';
import { OTLPLogExporter as ProtobufLogExporter } from '@opentelemetry/exporter-logs-otlp-proto';
import { OTLPMetricExporter as GrpcMetricExporter } from '@opentelemetry/exporter-metrics-otlp-grpc';
import { OTLPMetricExporter as JsonMetricExporter } from '@opentelemetry/exporter-metrics-otlp-http';
import { OTLPMetricExporter as ProtobufMetricExporter } from '@opentelemetry/exporter-metrics-otlp-proto';
import { OTLPTraceExporter as GrpcTraceExporter } from '@opentelemetry/exporter-trace-otlp-grpc';
import { OTLPTraceExporter as JsonTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { OTLPTraceExporter as ProtobufTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import type { LogRecordExporter } from '@opentelemetry/sdk-logs';
import type { PushMetricExporter } from '@opentelemetry/sdk-metrics';
import type { SpanExporter } from '@opentelemetry/sdk-trace';

/** Makes an exporter; without `url` it goes where the `OTEL_EXPORTER_OTLP_*` variables say. */
export type ExporterFactory<Exporter> = (options: { url?: string }) => Exporter;

type ByProtocol<Exporter> = Readonly<Record<string, ExporterFactory<Exporter>>>;

const spanExporters: ByProtocol<SpanExporter> = {
  grpc: (options) => new GrpcTraceExporter(options),
  'http/json': (options) => new JsonTraceExporter(options),
  'http/protobuf': (options) => new ProtobufTraceExporter(options),
};

const metricExporters: ByProtocol<PushMetricExporter> = {
  grpc: (options) => new GrpcMetricExporter(options),
  'http/json': (options) => new JsonMetricExporter(options),
  'http/protobuf': (options) => new ProtobufMetricExporter(options),
};

const logExporters: ByProtocol<LogRecordExporter> = {
  grpc: (options) => new GrpcLogExporter(options),
  'http/json': (options) => new JsonLogExporter(options),
  'http/protobuf': (options) => new ProtobufLogExporter(options),
};

/** The span exporter for an OTLP protocol; an unknown protocol falls back to `http/protobuf`, as in the SDK. */
export function spanExporterFor(protocol: string): ExporterFactory<SpanExporter> {
  return spanExporters[protocol] ?? ((options) => new ProtobufTraceExporter(options));
}

/** The metric exporter for an OTLP protocol; an unknown protocol falls back to `http/protobuf`, as in the SDK. */
export function metricExporterFor(protocol: string): ExporterFactory<PushMetricExporter> {
  return metricExporters[protocol] ?? ((options) => new ProtobufMetricExporter(options));
}

/** The log exporter for an OTLP protocol; an unknown protocol falls back to `http/protobuf`, as in the SDK. */
export function logExporterFor(protocol: string): ExporterFactory<LogRecordExporter> {
  return logExporters[protocol] ?? ((options) => new ProtobufLogExporter(options));
}
