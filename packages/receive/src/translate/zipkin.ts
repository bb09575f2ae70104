import { fixed64Field, lengthDelimited, Malformed, stringField, varintField } from '@maru/otlp';
import { joined } from './message.ts';

type Json = Readonly<Record<string, unknown>>;

/** Reads a JSON array of Zipkin v2 spans and gives it as an ExportTraceServiceRequest, one resource for each service. */
export function zipkinJsonToOtlp(body: Uint8Array): Uint8Array {
  const spans = parse(body).map((value) => objectOf(value, 'a span'));
  const byService = Map.groupBy(spans, ({ localEndpoint }) => serviceOf(localEndpoint) ?? '');
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

function serviceOf(endpoint: unknown): string | undefined {
  const name =
    endpoint === undefined || endpoint === null ? undefined : objectOf(endpoint, 'an endpoint').serviceName;
  return typeof name === 'string' && name !== '' ? name : undefined;
}

const kinds: Readonly<Record<string, number>> = { SERVER: 2, CLIENT: 3, PRODUCER: 4, CONSUMER: 5 };
const internalKind = 1;
const errorStatus = 2;

/** Rules of OpenTelemetry's specification for Zipkin, read backwards; a span without an end ends where it starts. */
function spanToOtlp(span: Json): Uint8Array {
  const start = microseconds(span.timestamp, 'timestamp');
  const tags = Object.entries(objectOf(span.tags ?? {}, 'tags'));
  const error = tags.find(([key]) => key === 'error');
  return lengthDelimited(
    2,
    lengthDelimited(1, id(span.traceId, 32)),
    lengthDelimited(2, id(span.id, 16)),
    ...(span.parentId === undefined || span.parentId === null
      ? []
      : [lengthDelimited(4, id(span.parentId, 16))]),
    stringField(5, typeof span.name === 'string' ? span.name : ''),
    varintField(6, kinds[String(span.kind)] ?? internalKind),
    fixed64Field(7, start),
    fixed64Field(8, start + microseconds(span.duration ?? 0, 'duration')),
    joined(tags.filter(([key]) => key !== 'error').map(([key, value]) => attribute(9, key, String(value)))),
    ...peerAttributes(span.remoteEndpoint),
    joined(annotations(span.annotations)),
    ...(error === undefined
      ? []
      : [lengthDelimited(15, stringField(2, String(error[1])), varintField(3, errorStatus))]),
  );
}

/** Zipkin's ids are hexadecimal of up to `digits`; shorter ones are filled up on the left. */
function id(value: unknown, digits: number): Uint8Array {
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
  return BigInt(text) * 1000n;
}

function peerAttributes(endpoint: unknown): Uint8Array[] {
  if (endpoint === undefined || endpoint === null) return [];
  const { ipv4, ipv6, port } = objectOf(endpoint, 'an endpoint');
  const service = serviceOf(endpoint);
  const address = ipv4 ?? ipv6;
  return [
    ...(service === undefined ? [] : [attribute(9, 'peer.service', service)]),
    ...(typeof address === 'string' ? [attribute(9, 'network.peer.address', address)] : []),
    ...(Number.isSafeInteger(port)
      ? [
          lengthDelimited(
            9,
            stringField(1, 'network.peer.port'),
            lengthDelimited(2, varintField(3, port as number)),
          ),
        ]
      : []),
  ];
}

function annotations(value: unknown): Uint8Array[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw new Malformed(0, 'annotations must be an array');
  return value.map((entry) => {
    const { timestamp, value: name } = objectOf(entry, 'an annotation');
    return lengthDelimited(
      11,
      fixed64Field(1, microseconds(timestamp, 'the timestamp of an annotation')),
      stringField(2, String(name ?? '')),
    );
  });
}

function attribute(field: number, key: string, value: string): Uint8Array {
  return lengthDelimited(field, stringField(1, key), lengthDelimited(2, stringField(1, value)));
}
