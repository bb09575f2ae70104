import { Malformed } from '@maru/otlp';
import { bitsOf, type Field, fieldsOf, signedOf, textOf, textPair } from './message.ts';
import type { ZipkinAnnotation, ZipkinEndpoint, ZipkinKind, ZipkinSpan } from './zipkin.ts';

/**
 * Reads a `zipkin.proto3.ListOfSpans`. Throws `Malformed` when it is none.
 *
 * Message: https://github.com/openzipkin/zipkin-api/blob/master/zipkin.proto
 */
export function readZipkinProtobuf(message: Uint8Array): readonly ZipkinSpan[] {
  return [...fieldsOf(message)].filter(({ number }) => number === 1).map((field) => readSpan(bytesOf(field)));
}

const kinds: readonly (ZipkinKind | undefined)[] = [undefined, 'CLIENT', 'SERVER', 'PRODUCER', 'CONSUMER'];
const latestMicros = 2n ** 63n / 1000n;

function readSpan(message: Uint8Array): ZipkinSpan {
  const once = new Map<number, Field>();
  const annotations: ZipkinAnnotation[] = [];
  const tags: (readonly [string, string])[] = [];
  for (const field of fieldsOf(message)) {
    if (field.number === 10) annotations.push(readAnnotation(bytesOf(field)));
    else if (field.number === 11) tags.push(textPair(bytesOf(field)));
    else once.set(field.number, field);
  }
  return {
    traceId: readId(once.get(1), 16),
    parentId: once.has(2) ? readId(once.get(2), 8) : undefined,
    id: readId(once.get(3), 8),
    kind: kinds[Number(once.get(4)?.value ?? 0n)],
    name: text(once.get(5)),
    timestampMicros: microseconds(once.has(6) ? bitsOf(once.get(6) as Field) : 0n),
    durationMicros: microseconds(once.get(7)?.value ?? 0n),
    local: readEndpoint(once.get(8)),
    remote: readEndpoint(once.get(9)),
    tags,
    annotations,
  };
}

/** A trace id may have 8 bytes: it is filled up on the left, as in JSON. */
function readId(field: Field | undefined, length: number): Uint8Array {
  const bytes = field === undefined ? new Uint8Array(0) : bytesOf(field);
  if (bytes.length !== length && !(length === 16 && bytes.length === 8))
    throw new Malformed(0, `an id of ${bytes.length} bytes where there must be ${length}`);
  return Buffer.concat([new Uint8Array(length - bytes.length), bytes]);
}

/** Nanoseconds that OTLP cannot say are refused here: multiplied, they would become another time. */
function microseconds(value: bigint): bigint {
  if (value > latestMicros) throw new Malformed(0, `a time of ${value} microseconds is after the year 2262`);
  return value;
}

function readEndpoint(field: Field | undefined): ZipkinEndpoint | undefined {
  if (field === undefined) return undefined;
  const once = new Map([...fieldsOf(bytesOf(field))].map((part) => [part.number, part]));
  const port = Number(signedOf(once.get(4) ?? noNumber));
  return {
    serviceName: text(once.get(1)),
    address: addressOf(once.get(2)) ?? addressOf(once.get(3)),
    port: port === 0 ? undefined : port,
  };
}

const noNumber: Field = { number: 0, wire: 0, bytes: new Uint8Array(0), value: 0n };

/** Four bytes of an IPv4 address or sixteen of an IPv6 one, as text. */
function addressOf(field: Field | undefined): string | undefined {
  const bytes = field === undefined ? new Uint8Array(0) : bytesOf(field);
  if (bytes.length === 0) return undefined;
  if (bytes.length === 4) return bytes.join('.');
  if (bytes.length !== 16) throw new Malformed(0, `an address of ${bytes.length} bytes`);
  const groups = Array.from({ length: 8 }, (_, at) =>
    (((bytes[2 * at] ?? 0) << 8) | (bytes[2 * at + 1] ?? 0)).toString(16),
  );
  // WHATWG's URL writes an address in its one short form.
  return new URL(`http://[${groups.join(':')}]`).hostname.slice(1, -1);
}

function readAnnotation(message: Uint8Array): ZipkinAnnotation {
  let [timestampMicros, value] = [0n, ''];
  for (const field of fieldsOf(message)) {
    if (field.number === 1) timestampMicros = microseconds(bitsOf(field));
    else if (field.number === 2) value = textOf(field);
  }
  return { timestampMicros, value };
}

function text(field: Field | undefined): string {
  return field === undefined ? '' : textOf(field);
}

function bytesOf({ bytes, wire }: Field): Uint8Array {
  if (wire !== 2) throw new Malformed(0, 'a number where a message or bytes were expected');
  return bytes;
}
