import type { AnyValue, KeyValue } from './any-value.ts';
import { ReverseWriter } from './reverse-writer.ts';
import type { Event, Link, ResourceSpans, Scope, ScopeSpans, Span, Trace } from './trace.ts';

/** `TraceByIDResponse.status` of a trace that is not whole. */
const partialStatus = 1;

/**
 * The trace as `tempopb.TraceByIDResponse`. Its submessages are written even when empty: Grafana's data source looks
 * inside them without asking.
 */
export function traceByIdResponse(trace: Trace): Uint8Array {
  const writer = new ReverseWriter();
  if (trace.partial !== undefined) {
    writer.text(4, trace.partial);
    writer.varint(3, partialStatus);
  }
  writer.message(2, () => undefined);
  writer.message(1, () => writeTrace(writer, trace));
  return writer.finish();
}

/** The trace as `tempopb.Trace`, which is OTLP's TracesData: the body of the first version's endpoint. */
export function bareTrace(trace: Trace): Uint8Array {
  const writer = new ReverseWriter();
  writeTrace(writer, trace);
  return writer.finish();
}

function writeTrace(writer: ReverseWriter, trace: Trace): void {
  writer.repeated(trace.resourceSpans, (each) => writer.message(1, () => writeResourceSpans(writer, each)));
}

function writeResourceSpans(writer: ReverseWriter, value: ResourceSpans): void {
  if (value.schemaUrl !== '') writer.text(3, value.schemaUrl);
  writer.repeated(value.scopeSpans, (each) => writer.message(2, () => writeScopeSpans(writer, each)));
  writer.message(1, () => {
    writeCount(writer, 2, value.resource.droppedAttributesCount);
    writeAttributes(writer, 1, value.resource.attributes);
  });
}

function writeScopeSpans(writer: ReverseWriter, value: ScopeSpans): void {
  writer.repeated(value.spans, (each) => writer.message(2, () => writeSpan(writer, each)));
  writer.message(1, () => writeScope(writer, value.scope));
}

function writeScope(writer: ReverseWriter, scope: Scope): void {
  writeAttributes(writer, 3, scope.attributes);
  writeText(writer, 2, scope.version);
  writeText(writer, 1, scope.name);
}

function writeSpan(writer: ReverseWriter, span: Span): void {
  if (span.flags !== 0) writer.fixed32(16, span.flags);
  writer.message(15, () => {
    writeCount(writer, 3, span.status.code);
    writeText(writer, 2, span.status.message);
  });
  writeCount(writer, 14, span.droppedLinksCount);
  writer.repeated(span.links, (each) => writer.message(13, () => writeLink(writer, each)));
  writeCount(writer, 12, span.droppedEventsCount);
  writer.repeated(span.events, (each) => writer.message(11, () => writeEvent(writer, each)));
  writeCount(writer, 10, span.droppedAttributesCount);
  writeAttributes(writer, 9, span.attributes);
  writer.fixed64(8, span.endTimeUnixNano);
  writer.fixed64(7, span.startTimeUnixNano);
  writeCount(writer, 6, span.kind);
  writeText(writer, 5, span.name);
  if (span.parentSpanId.length > 0) writer.bytes(4, span.parentSpanId);
  writeText(writer, 3, span.traceState);
  writer.bytes(2, span.spanId);
  writer.bytes(1, span.traceId);
}

function writeEvent(writer: ReverseWriter, event: Event): void {
  writeCount(writer, 4, event.droppedAttributesCount);
  writeAttributes(writer, 3, event.attributes);
  writeText(writer, 2, event.name);
  writer.fixed64(1, event.timeUnixNano);
}

function writeLink(writer: ReverseWriter, link: Link): void {
  if (link.flags !== 0) writer.fixed32(6, link.flags);
  writeCount(writer, 5, link.droppedAttributesCount);
  writeAttributes(writer, 4, link.attributes);
  writeText(writer, 3, link.traceState);
  writer.bytes(2, link.spanId);
  writer.bytes(1, link.traceId);
}

function writeAttributes(writer: ReverseWriter, field: number, attributes: readonly KeyValue[]): void {
  writer.repeated(attributes, (each) => writer.message(field, () => writeKeyValue(writer, each)));
}

function writeKeyValue(writer: ReverseWriter, { key, value }: KeyValue): void {
  writer.message(2, () => writeAnyValue(writer, value));
  writer.text(1, key);
}

function writeAnyValue(writer: ReverseWriter, value: AnyValue): void {
  switch (value.type) {
    case 'string':
      writer.text(1, value.value);
      break;
    case 'bool':
      writer.varint(2, value.value ? 1 : 0);
      break;
    case 'int':
      writer.varint(3, value.value);
      break;
    case 'double':
      writer.double(4, value.value);
      break;
    case 'array':
      writer.message(5, () =>
        writer.repeated(value.values, (each) => writer.message(1, () => writeAnyValue(writer, each))),
      );
      break;
    case 'kvlist':
      writer.message(6, () => writeAttributes(writer, 1, value.entries));
      break;
    case 'bytes':
      writer.bytes(7, value.value);
      break;
    case 'none':
      break;
  }
}

function writeText(writer: ReverseWriter, field: number, value: string): void {
  if (value !== '') writer.text(field, value);
}

function writeCount(writer: ReverseWriter, field: number, value: number): void {
  if (value !== 0) writer.varint(field, value);
}
