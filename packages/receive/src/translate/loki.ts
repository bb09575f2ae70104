import {
  fixed64Field,
  lengthDelimited,
  Malformed,
  serviceNameSources,
  streamLabelAttributes,
  stringField,
} from '@maru/otlp';
import { type Field, fieldsOf, joined, signedOf, textOf, textPair } from './message.ts';
import { parseStreamLabels } from './stream-labels.ts';

type Pairs = readonly (readonly [name: string, value: string])[];

interface Entry {
  readonly timeUnixNano: bigint;
  readonly line: string;
  readonly metadata: Pairs;
}

interface Stream {
  readonly labels: Pairs;
  readonly entries: readonly Entry[];
}

/** Reads a `logproto.PushRequest` and gives it as an ExportLogsServiceRequest. */
export function lokiProtobufToOtlp(message: Uint8Array): Uint8Array {
  return streamsToOtlp(partsOf(message, 1).map(({ bytes }) => readStream(bytes)));
}

/** Reads Loki's JSON push, `{"streams":[{"stream":{…},"values":[["<ns>","<line>",{…}]]}]}`, as the same. */
export function lokiJsonToOtlp(body: Uint8Array): Uint8Array {
  const { streams } = objectOf(parseJson(body), 'the body');
  return streamsToOtlp(listOf(streams, 'streams').map(readJsonStream));
}

function partsOf(message: Uint8Array, wanted: number): Field[] {
  return [...fieldsOf(message)].filter(({ number }) => number === wanted);
}

function readStream(message: Uint8Array): Stream {
  const [labels] = partsOf(message, 1);
  return {
    labels: parseStreamLabels(labels === undefined ? '{}' : textOf(labels)),
    entries: partsOf(message, 2).map(({ bytes }) => readEntry(bytes)),
  };
}

function readEntry(message: Uint8Array): Entry {
  let [timeUnixNano, line] = [0n, ''];
  const metadata: (readonly [string, string])[] = [];
  for (const field of fieldsOf(message)) {
    if (field.number === 1) timeUnixNano = readTimestamp(field.bytes);
    else if (field.number === 2) line = textOf(field);
    else if (field.number === 3) metadata.push(textPair(field.bytes));
  }
  return { timeUnixNano, line, metadata };
}

function readTimestamp(message: Uint8Array): bigint {
  let nanos = 0n;
  for (const field of fieldsOf(message)) {
    if (field.number === 1) nanos += signedOf(field) * 1_000_000_000n;
    if (field.number === 2) nanos += signedOf(field);
  }
  return nanos;
}

function parseJson(body: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(body.buffer, body.byteOffset, body.length).toString('utf8'));
  } catch (error) {
    throw new Malformed(0, `not valid JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function readJsonStream(value: unknown): Stream {
  const { stream, values } = objectOf(value, 'a stream');
  return { labels: textPairs(stream ?? {}, 'stream'), entries: listOf(values, 'values').map(readJsonEntry) };
}

function readJsonEntry(value: unknown): Entry {
  const [time, line, metadata = {}] = listOf(value, 'an entry');
  if (typeof time !== 'string' || !/^\d{1,19}$/.test(time))
    throw new Malformed(0, 'the time of an entry must be a string of nanoseconds since 1970');
  if (typeof line !== 'string') throw new Malformed(0, 'the line of an entry must be a string');
  return { timeUnixNano: BigInt(time), line, metadata: textPairs(metadata, 'structured metadata') };
}

function textPairs(value: unknown, what: string): Pairs {
  return Object.entries(objectOf(value, what)).map(([name, text]) => {
    if (typeof text !== 'string') throw new Malformed(0, `${what} must hold strings, and ${name} is none`);
    return [name, text];
  });
}

function objectOf(value: unknown, what: string): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new Malformed(0, `${what} must be an object`);
  return value as Readonly<Record<string, unknown>>;
}

function listOf(value: unknown, what: string): readonly unknown[] {
  if (!Array.isArray(value)) throw new Malformed(0, `${what} must be an array`);
  return value;
}

function streamsToOtlp(streams: readonly Stream[]): Uint8Array {
  return joined(
    streams.map(({ labels, entries }) =>
      lengthDelimited(
        1,
        lengthDelimited(
          1,
          joined(resourceAttributes(labels).map(([key, value]) => attribute(1, key, value))),
        ),
        lengthDelimited(2, joined(entries.map(logRecord))),
      ),
    ),
  );
}

/**
 * Loki's own index labels are OTLP resource attributes with dots become underscores; here they get their dots back, so
 * that queries find them as labels. A stream without service_name gets one as Loki finds it, from the first of a list.
 */
function resourceAttributes(labels: Pairs): Pairs {
  const attributes = labels.map(([name, value]) => [attributeNames.get(name) ?? name, value] as const);
  if (attributes.some(([key]) => key === 'service.name')) return attributes;
  const found = serviceNameSources.flatMap((wanted) => labels.filter(([name]) => name === wanted))[0];
  return found === undefined ? attributes : [['service.name', found[1]], ...attributes];
}

const attributeNames: ReadonlyMap<string, string> = new Map(
  streamLabelAttributes.map((key) => [key.replaceAll('.', '_'), key]),
);

/** Structured metadata that names OTLP's own fields goes into them, as Loki's answers show them. */
function logRecord({ timeUnixNano, line, metadata }: Entry): Uint8Array {
  const id = (name: string, digits: number): string | undefined =>
    metadata.find(
      ([key, value]) => key === name && value.length === digits && /^[0-9a-fA-F]+$/.test(value),
    )?.[1];
  const [traceId, spanId] = [id('trace_id', 32), id('span_id', 16)];
  const others = metadata.filter(
    ([key]) => !(key === 'trace_id' && traceId !== undefined) && !(key === 'span_id' && spanId !== undefined),
  );
  return lengthDelimited(
    2,
    fixed64Field(1, timeUnixNano),
    lengthDelimited(5, stringField(1, line)),
    joined(others.map(([key, value]) => attribute(6, key, value))),
    ...(traceId === undefined ? [] : [lengthDelimited(9, Buffer.from(traceId, 'hex'))]),
    ...(spanId === undefined ? [] : [lengthDelimited(10, Buffer.from(spanId, 'hex'))]),
  );
}

function attribute(field: number, key: string, value: string): Uint8Array {
  return lengthDelimited(field, stringField(1, key), lengthDelimited(2, stringField(1, value)));
}
