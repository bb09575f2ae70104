import { type Attribute, attributesOf, attributeText, type KeyValue } from './attributes.ts';
import { hexIdentifier } from './identifiers.ts';

/** The fields of OTLP's protobuf JSON that the console reads; everything may be absent. */
export interface OtlpTrace {
  readonly resourceSpans?: readonly OtlpResourceSpans[];
}
interface OtlpResourceSpans {
  readonly resource?: { readonly attributes?: readonly KeyValue[] };
  readonly scopeSpans?: readonly OtlpScopeSpans[];
}
interface OtlpScopeSpans {
  readonly scope?: { readonly name?: string; readonly version?: string };
  readonly spans?: readonly OtlpSpan[];
}
interface OtlpSpan {
  readonly traceId?: string;
  readonly spanId?: string;
  readonly parentSpanId?: string;
  readonly name?: string;
  readonly kind?: string;
  readonly startTimeUnixNano?: string;
  readonly endTimeUnixNano?: string;
  readonly attributes?: readonly KeyValue[];
  readonly status?: { readonly code?: string; readonly message?: string };
  readonly events?: readonly OtlpEvent[];
  readonly links?: readonly OtlpLink[];
}
interface OtlpEvent {
  readonly name?: string;
  readonly timeUnixNano?: string;
  readonly attributes?: readonly KeyValue[];
}
interface OtlpLink {
  readonly traceId?: string;
  readonly spanId?: string;
  readonly attributes?: readonly KeyValue[];
}

export interface Resource {
  readonly service: string;
  readonly attributes: readonly Attribute[];
}

export interface SpanEvent {
  readonly name: string;
  /** Nanoseconds after the start of the span; negative when the clocks disagree. */
  readonly offsetNanos: number;
  readonly attributes: readonly Attribute[];
}

export interface SpanLink {
  readonly traceId: string;
  readonly spanId: string;
  readonly attributes: readonly Attribute[];
}

/** One span. Ids are hex; times are nanoseconds. */
export interface Span {
  readonly spanId: string;
  readonly parentSpanId: string;
  readonly name: string;
  /** `server`, `client`, `internal`, `producer`, `consumer` or `unspecified`. */
  readonly kind: string;
  readonly startUnixNano: bigint;
  readonly durationNanos: number;
  readonly isError: boolean;
  readonly statusMessage: string;
  readonly scope: string;
  readonly resource: Resource;
  readonly attributes: readonly Attribute[];
  readonly events: readonly SpanEvent[];
  readonly links: readonly SpanLink[];
}

/** Every span of an answer, in the order of the answer. */
export function spansOf(trace: OtlpTrace): readonly Span[] {
  return (trace.resourceSpans ?? []).flatMap((group) => {
    const resource = resourceOf(group.resource?.attributes);
    return (group.scopeSpans ?? []).flatMap((scoped) => {
      const scope = [scoped.scope?.name, scoped.scope?.version].filter(Boolean).join(' ');
      return (scoped.spans ?? []).map((span) => spanOf(span, resource, scope));
    });
  });
}

function resourceOf(pairs: readonly KeyValue[] | undefined): Resource {
  const attributes = attributesOf(pairs);
  return { service: attributeText(attributes, 'service.name') ?? 'unknown_service', attributes };
}

function spanOf(span: OtlpSpan, resource: Resource, scope: string): Span {
  const startUnixNano = BigInt(span.startTimeUnixNano ?? '0');
  const endUnixNano = BigInt(span.endTimeUnixNano ?? '0');
  return {
    spanId: hexIdentifier(span.spanId),
    parentSpanId: hexIdentifier(span.parentSpanId),
    name: span.name ?? '',
    kind: enumName(span.kind, 'SPAN_KIND_', 'unspecified'),
    startUnixNano,
    // A span whose end lies before its start has no length that could be drawn.
    durationNanos: Math.max(0, Number(endUnixNano - startUnixNano)),
    isError: enumName(span.status?.code, 'STATUS_CODE_', 'unset') === 'error',
    statusMessage: span.status?.message ?? '',
    scope,
    resource,
    attributes: attributesOf(span.attributes),
    events: (span.events ?? []).map((event) => eventOf(event, startUnixNano)),
    links: (span.links ?? []).map(linkOf),
  };
}

function enumName(value: string | undefined, prefix: string, fallback: string): string {
  return value?.startsWith(prefix) ? value.slice(prefix.length).toLowerCase() : fallback;
}

function eventOf(event: OtlpEvent, spanStart: bigint): SpanEvent {
  const offsetNanos = Number(BigInt(event.timeUnixNano ?? '0') - spanStart);
  return { name: event.name ?? '', offsetNanos, attributes: attributesOf(event.attributes) };
}

function linkOf(link: OtlpLink): SpanLink {
  return {
    traceId: hexIdentifier(link.traceId),
    spanId: hexIdentifier(link.spanId),
    attributes: attributesOf(link.attributes),
  };
}
