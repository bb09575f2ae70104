import { context, logs, propagation, trace } from '@opentelemetry/api';
import { CompositePropagator, W3CTraceContextPropagator } from '@opentelemetry/core';
import { OTLPLogExporter } from '@opentelemetry/exporter-logs-otlp-http';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { registerInstrumentations } from '@opentelemetry/instrumentation';
import { DocumentLoadInstrumentation } from '@opentelemetry/instrumentation-document-load';
import { FetchInstrumentation } from '@opentelemetry/instrumentation-fetch';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchLogRecordProcessor, LoggerProvider } from '@opentelemetry/sdk-logs';
import {
  BatchSpanProcessor,
  type SpanProcessor,
  StackContextManager,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import { version } from '../../package.json';
import { reportErrors } from './errors.ts';

/** Short, so that a trace is whole in the backend about when the user looks for it. */
const scheduledDelayMillis = 500;

/**
 * Starts the browser's traces and error logs. They go to this page's own origin, which passes them on, so that the
 * browser needs neither the backend's address nor its credentials, and no cross-origin rules.
 */
export function startTelemetry(): void {
  const resource = resourceFromAttributes({
    'service.name': 'board-web',
    'service.version': version,
    'service.instance.id': crypto.randomUUID(),
    'telemetry.sdk.language': 'webjs',
    'browser.language': navigator.language,
    'browser.mobile': /Mobi/.test(navigator.userAgent),
  });
  const spans = new BatchSpanProcessor({
    exporter: new OTLPTraceExporter({ url: `${location.origin}/otlp/v1/traces` }),
    scheduledDelayMillis,
  });
  const records = new BatchLogRecordProcessor({
    exporter: new OTLPLogExporter({ url: `${location.origin}/otlp/v1/logs` }),
    scheduledDelayMillis,
  });
  context.setGlobalContextManager(new StackContextManager().enable());
  propagation.setGlobalPropagator(
    new CompositePropagator({ propagators: [new W3CTraceContextPropagator()] }),
  );
  trace.setGlobalTracerProvider(new TracerProvider({ resource, spanProcessors: [withoutQueries, spans] }));
  logs.setGlobalLoggerProvider(new LoggerProvider({ resource, processors: [records] }));
  registerInstrumentations({
    instrumentations: [
      // Network phases as events would be ten a span; the resource timings are on the spans' own times.
      new DocumentLoadInstrumentation({ ignoreNetworkEvents: true }),
      new FetchInstrumentation({ ignoreUrls: [/\/otlp\//], ignoreNetworkEvents: true }),
    ],
  });
  reportErrors();
  sendWhenLeaving([spans, records]);
}

/** Takes the query off addresses: what people search for is theirs. The API's spans do the same. */
const withoutQueries: SpanProcessor = {
  onStart: () => undefined,
  onEnding: (span) => {
    const address = span.attributes['url.full'];
    if (typeof address === 'string') span.setAttribute('url.full', address.split('?', 1)[0]);
  },
  onEnd: () => undefined,
  forceFlush: () => Promise.resolve(),
  shutdown: () => Promise.resolve(),
};

/** The processors do so themselves when the page is hidden; some browsers only say `pagehide` on a navigation. */
function sendWhenLeaving(processors: readonly { forceFlush(): Promise<void> }[]): void {
  addEventListener('pagehide', () => {
    for (const processor of processors) void processor.forceFlush().catch(() => undefined);
  });
}
