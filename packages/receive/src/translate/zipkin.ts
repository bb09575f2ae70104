import { fixed64Field, lengthDelimited, stringField, varintField } from '@maru/otlp';
import { joined } from './message.ts';

/** A span of Zipkin v2, from either of its encodings. */
export interface ZipkinSpan {
  /** 16 bytes. */
  readonly traceId: Uint8Array;
  /** 8 bytes, as the parent's is. */
  readonly id: Uint8Array;
  readonly parentId: Uint8Array | undefined;
  readonly name: string;
  readonly kind: ZipkinKind | undefined;
  readonly timestampMicros: bigint;
  readonly durationMicros: bigint;
  readonly local: ZipkinEndpoint | undefined;
  readonly remote: ZipkinEndpoint | undefined;
  readonly tags: readonly (readonly [key: string, value: string])[];
  readonly annotations: readonly ZipkinAnnotation[];
}

export type ZipkinKind = 'CLIENT' | 'SERVER' | 'PRODUCER' | 'CONSUMER';

export interface ZipkinEndpoint {
  /** Empty when unknown. */
  readonly serviceName: string;
  readonly address: string | undefined;
  readonly port: number | undefined;
}

export interface ZipkinAnnotation {
  readonly timestampMicros: bigint;
  readonly value: string;
}

/** An ExportTraceServiceRequest of the spans, one resource for each service. */
export function zipkinToOtlp(spans: readonly ZipkinSpan[]): Uint8Array {
  const byService = Map.groupBy(spans, ({ local }) => local?.serviceName ?? '');
  return joined(
    [...byService].map(([service, ofService]) =>
      lengthDelimited(
        1,
        lengthDelimited(1, ...(service === '' ? [] : [attribute(1, 'service.name', service)])),
        lengthDelimited(2, joined(ofService.map(spanToOtlp))),
      ),
    ),
  );
}

const otlpKinds: Readonly<Record<ZipkinKind, number>> = { SERVER: 2, CLIENT: 3, PRODUCER: 4, CONSUMER: 5 };
const internalKind = 1;
const errorStatus = 2;
const nanosPerMicro = 1000n;

/** Rules of OpenTelemetry's specification for Zipkin, read backwards; a span without an end ends where it starts. */
function spanToOtlp(span: ZipkinSpan): Uint8Array {
  const start = span.timestampMicros * nanosPerMicro;
  const error = span.tags.find(([key]) => key === 'error');
  const tags = span.tags.filter(([key]) => key !== 'error');
  return lengthDelimited(
    2,
    lengthDelimited(1, span.traceId),
    lengthDelimited(2, span.id),
    ...(span.parentId === undefined ? [] : [lengthDelimited(4, span.parentId)]),
    stringField(5, span.name),
    varintField(6, span.kind === undefined ? internalKind : otlpKinds[span.kind]),
    fixed64Field(7, start),
    fixed64Field(8, start + span.durationMicros * nanosPerMicro),
    joined(tags.map(([key, value]) => attribute(9, key, value))),
    ...peerAttributes(span.remote),
    joined(span.annotations.map(event)),
    ...(error === undefined
      ? []
      : [lengthDelimited(15, stringField(2, error[1]), varintField(3, errorStatus))]),
  );
}

function peerAttributes(remote: ZipkinEndpoint | undefined): readonly Uint8Array[] {
  if (remote === undefined) return [];
  const { serviceName, address, port } = remote;
  return [
    ...(serviceName === '' ? [] : [attribute(9, 'peer.service', serviceName)]),
    ...(address === undefined ? [] : [attribute(9, 'network.peer.address', address)]),
    ...(port === undefined ? [] : [wholeAttribute(9, 'network.peer.port', port)]),
  ];
}

function event({ timestampMicros, value }: ZipkinAnnotation): Uint8Array {
  return lengthDelimited(11, fixed64Field(1, timestampMicros * nanosPerMicro), stringField(2, value));
}

function attribute(field: number, key: string, value: string): Uint8Array {
  return lengthDelimited(field, stringField(1, key), lengthDelimited(2, stringField(1, value)));
}

function wholeAttribute(field: number, key: string, value: number): Uint8Array {
  return lengthDelimited(field, stringField(1, key), lengthDelimited(2, varintField(3, value)));
}
