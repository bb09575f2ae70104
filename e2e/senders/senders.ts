import type { RunningStack } from '@maru/testkit';
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

/** The three exporters of one protocol, for a stack. */
export interface Senders {
  readonly traces: (stack: RunningStack) => SpanExporter;
  readonly metrics: (stack: RunningStack) => PushMetricExporter;
  readonly logs: (stack: RunningStack) => LogRecordExporter;
}

const http = (stack: RunningStack, signal: string): { url: string } => ({
  url: `${stack.otlpHttpUrl}/v1/${signal}`,
});
const grpc = (stack: RunningStack): { url: string } => ({ url: stack.otlpGrpcUrl });

/** The nine exporters of the OpenTelemetry JavaScript SDK, by the protocol's name in `OTEL_EXPORTER_OTLP_PROTOCOL`. */
export const senders: readonly (readonly [protocol: string, Senders])[] = [
  [
    'grpc',
    {
      traces: (stack) => new GrpcTraceExporter(grpc(stack)),
      metrics: (stack) => new GrpcMetricExporter(grpc(stack)),
      logs: (stack) => new GrpcLogExporter(grpc(stack)),
    },
  ],
  [
    'http/json',
    {
      traces: (stack) => new JsonTraceExporter(http(stack, 'traces')),
      metrics: (stack) => new JsonMetricExporter(http(stack, 'metrics')),
      logs: (stack) => new JsonLogExporter(http(stack, 'logs')),
    },
  ],
  [
    'http/protobuf',
    {
      traces: (stack) => new ProtobufTraceExporter(http(stack, 'traces')),
      metrics: (stack) => new ProtobufMetricExporter(http(stack, 'metrics')),
      logs: (stack) => new ProtobufLogExporter(http(stack, 'logs')),
    },
  ],
];
