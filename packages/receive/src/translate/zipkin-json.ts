import { Malformed } from '@maru/otlp';
import type { ZipkinAnnotation, ZipkinEndpoint, ZipkinKind, ZipkinSpan } from './zipkin.ts';

type Json = Readonly<Record<string, unknown>>;

/** Reads a JSON array of Zipkin v2 spans. Throws `Malformed` when it is none. */
export function readZipkinJson(body: Uint8Array): readonly ZipkinSpan[] {
  return parse(body).map((value) => readSpan(objectOf(value, 'a span')));
}

function parse(body: Uint8Array): readonly unknown[] {
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(body.buffer, body.byteOffset, body.length).toString('utf8'));
  } catch (error) {
    throw new Malformed(0, `not valid JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (!Array.isArray(value)) throw new Malformed(0, 'the body must be an array of Zipkin spans');
  return value;
}

function objectOf(value: unknown, what: string): Json {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new Malformed(0, `${what} must be an object`);
  return value as Json;
}

const kinds: readonly string[] = ['CLIENT', 'SERVER', 'PRODUCER', 'CONSUMER'] satisfies ZipkinKind[];

function isKind(value: unknown): value is ZipkinKind {
  return kinds.includes(String(value));
}

function readSpan(span: Json): ZipkinSpan {
  return {
    traceId: readId(span.traceId, 32),
    id: readId(span.id, 16),
    parentId: isAbsent(span.parentId) ? undefined : readId(span.parentId, 16),
    name: typeof span.name === 'string' ? span.name : '',
    kind: isKind(span.kind) ? span.kind : undefined,
    timestampMicros: microseconds(span.timestamp, 'timestamp'),
    durationMicros: microseconds(span.duration, 'duration'),
    local: readEndpoint(span.localEndpoint),
    remote: readEndpoint(span.remoteEndpoint),
    tags: Object.entries(objectOf(span.tags ?? {}, 'tags')).map(([key, value]) => [key, String(value)]),
    annotations: readAnnotations(span.annotations),
  };
}

function isAbsent(value: unknown): value is null | undefined {
  return value === undefined || value === null;
}

/** Zipkin's ids are hexadecimal of up to `digits`; shorter ones are filled up on the left. */
function readId(value: unknown, digits: number): Uint8Array {
  if (typeof value !== 'string' || !/^[0-9a-fA-F]+$/.test(value) || value.length > digits)
    throw new Malformed(
      0,
      `the id ${JSON.stringify(value) ?? 'that is absent'} is not up to ${digits} hexadecimal digits`,
    );
  return Buffer.from(value.padStart(digits, '0'), 'hex');
}

function microseconds(value: unknown, what: string): bigint {
  const text = String(value ?? 0);
  if (!/^\d{1,16}$/.test(text)) throw new Malformed(0, `${what} must be a whole number of microseconds`);
  return BigInt(text);
}

function readEndpoint(value: unknown): ZipkinEndpoint | undefined {
  if (isAbsent(value)) return undefined;
  const { serviceName, ipv4, ipv6, port } = objectOf(value, 'an endpoint');
  const address = ipv4 ?? ipv6;
  return {
    serviceName: typeof serviceName === 'string' ? serviceName : '',
    address: typeof address === 'string' ? address : undefined,
    port: Number.isSafeInteger(port) ? (port as number) : undefined,
  };
}

function readAnnotations(value: unknown): readonly ZipkinAnnotation[] {
  if (isAbsent(value)) return [];
  if (!Array.isArray(value)) throw new Malformed(0, 'annotations must be an array');
  return value.map((entry) => {
    const { timestamp, value: name } = objectOf(entry, 'an annotation');
    return {
      timestampMicros: microseconds(timestamp, 'the timestamp of an annotation'),
      value: String(name ?? ''),
    };
  });
}
