import type { AnyValue, KeyValue } from './any-value.ts';
import type { Event, Link, ResourceSpans, ScopeSpans, Span, Trace } from './trace.ts';

const kinds = [
  'SPAN_KIND_UNSPECIFIED',
  'SPAN_KIND_INTERNAL',
  'SPAN_KIND_SERVER',
  'SPAN_KIND_CLIENT',
  'SPAN_KIND_PRODUCER',
  'SPAN_KIND_CONSUMER',
];

const statusCodes = ['STATUS_CODE_UNSET', 'STATUS_CODE_OK', 'STATUS_CODE_ERROR'];

/**
 * The trace in Tempo's JSON: gogo's jsonpb of the protobuf message. Ids are base64, 64-bit integers strings, enums
 * names, and what has its default value is left out.
 */
export function traceJson(trace: Trace): string {
  const status = trace.partial === undefined ? {} : { status: 'PARTIAL', message: trace.partial };
  return JSON.stringify({
    trace: { resourceSpans: trace.resourceSpans.map(resourceSpans) },
    metrics: {},
    ...status,
  });
}

/** The first version's form of the same: the trace itself, its root key `batches`. */
export function traceJsonV1(trace: Trace): string {
  return JSON.stringify({ batches: trace.resourceSpans.map(resourceSpans) });
}

function resourceSpans(value: ResourceSpans): object {
  return {
    resource: withoutDefaults({
      attributes: value.resource.attributes.map(keyValue),
      droppedAttributesCount: value.resource.droppedAttributesCount,
    }),
    scopeSpans: value.scopeSpans.map(scopeSpans),
    ...withoutDefaults({ schemaUrl: value.schemaUrl }),
  };
}

function scopeSpans({ scope, spans }: ScopeSpans): object {
  return {
    scope: withoutDefaults({
      name: scope.name,
      version: scope.version,
      attributes: scope.attributes.map(keyValue),
    }),
    spans: spans.map(span),
  };
}

function span(value: Span): object {
  return withoutDefaults({
    traceId: base64(value.traceId),
    spanId: base64(value.spanId),
    traceState: value.traceState,
    parentSpanId: base64(value.parentSpanId),
    flags: value.flags,
    name: value.name,
    kind: kinds[value.kind] ?? value.kind,
    startTimeUnixNano: String(value.startTimeUnixNano),
    endTimeUnixNano: String(value.endTimeUnixNano),
    attributes: value.attributes.map(keyValue),
    droppedAttributesCount: value.droppedAttributesCount,
    events: value.events.map(event),
    droppedEventsCount: value.droppedEventsCount,
    links: value.links.map(link),
    droppedLinksCount: value.droppedLinksCount,
    status: status(value.status),
  });
}

/** Always an object, empty for "unset": readers look inside without asking. */
function status({ code, message }: Span['status']): object {
  return withoutDefaults({ message, code: code === 0 ? '' : (statusCodes[code] ?? code) });
}

function event(value: Event): object {
  return withoutDefaults({
    timeUnixNano: String(value.timeUnixNano),
    name: value.name,
    attributes: value.attributes.map(keyValue),
    droppedAttributesCount: value.droppedAttributesCount,
  });
}

function link(value: Link): object {
  return withoutDefaults({
    traceId: base64(value.traceId),
    spanId: base64(value.spanId),
    traceState: value.traceState,
    attributes: value.attributes.map(keyValue),
    droppedAttributesCount: value.droppedAttributesCount,
    flags: value.flags,
  });
}

/** An attribute as protobuf's JSON has it. */
export function keyValue({ key, value }: KeyValue): object {
  return { key, value: anyValue(value) };
}

function anyValue(value: AnyValue): object {
  switch (value.type) {
    case 'string':
      return { stringValue: value.value };
    case 'bool':
      return { boolValue: value.value };
    case 'int':
      return { intValue: String(value.value) };
    case 'double':
      return { doubleValue: Number.isFinite(value.value) ? value.value : nonFinite(value.value) };
    case 'bytes':
      return { bytesValue: base64(value.value) };
    case 'array':
      return { arrayValue: { values: value.values.map(anyValue) } };
    case 'kvlist':
      return { kvlistValue: { values: value.entries.map(keyValue) } };
    case 'none':
      return {};
  }
}

/** JSON has no such numbers; protobuf's JSON says them as strings. */
function nonFinite(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  return value > 0 ? 'Infinity' : '-Infinity';
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('base64');
}

/** The fields that are not protobuf defaults. */
export function withoutDefaults(value: Readonly<Record<string, unknown>>): object {
  return Object.fromEntries(Object.entries(value).filter(([, entry]) => !isDefault(entry)));
}

function isDefault(value: unknown): boolean {
  return value === '' || value === 0 || (Array.isArray(value) && value.length === 0);
}
