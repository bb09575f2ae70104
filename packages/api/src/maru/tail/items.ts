import {
  type Field,
  fixed64Of,
  pointsOf,
  printed,
  readAttributes,
  readFields,
  readTelemetry,
  textOf,
  varintOf,
} from '@maru/forward/model';
import type { Signal } from '@maru/otlp';

/** One span, point or record as a follower sees it. */
export interface TailItem {
  readonly signal: Signal;
  readonly timeUnixNano: string;
  readonly service: string;
  /** A record's body, a span's name, a metric's name. */
  readonly text: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly resource: Readonly<Record<string, string>>;
  readonly traceId?: string;
  readonly spanId?: string;
  /** Of records: OTLP's number, 0 when it is not known. */
  readonly severityNumber?: number;
  readonly severityText?: string;
  readonly durationNanos?: string;
  /** Of spans: `unset`, `ok` or `error`. */
  readonly status?: string;
  /** Of number points. */
  readonly value?: number;
}

/** The items of an export request that the check has let through, one by one, so that a follower may stop. */
export function* itemsOf(signal: Signal, request: Uint8Array): Generator<TailItem, void, undefined> {
  for (const { resource, scopes } of readTelemetry(request).resources) {
    const resourceAttributes = texts(readFields(resource), 1);
    const shared = {
      signal,
      service: resourceAttributes['service.name'] ?? '',
      resource: resourceAttributes,
    };
    for (const { items } of scopes) for (const item of items) yield* readers[signal](item, shared);
  }
}

type Shared = Pick<TailItem, 'signal' | 'service' | 'resource'>;

const readers: Readonly<Record<Signal, (item: Uint8Array, shared: Shared) => readonly TailItem[]>> = {
  traces: (item, shared) => [span(readFields(item), shared)],
  logs: (item, shared) => [record(readFields(item), shared)],
  metrics: points,
};

const statuses = ['unset', 'ok', 'error'];

function span(fields: readonly Field[], shared: Shared): TailItem {
  const start = fixed64Of(fields, 7);
  const status = content(fields, 15);
  return {
    ...shared,
    timeUnixNano: String(start),
    text: textOf(fields, 5),
    attributes: texts(fields, 9),
    ...ids(fields, 1, 2),
    durationNanos: String(fixed64Of(fields, 8) - start),
    status: statuses[status === undefined ? 0 : varintOf(readFields(status), 3)] ?? 'unset',
  };
}

function record(fields: readonly Field[], shared: Shared): TailItem {
  const body = content(fields, 5);
  return {
    ...shared,
    timeUnixNano: String(fixed64Of(fields, 1) || fixed64Of(fields, 11)),
    text: body === undefined ? '' : printed(body),
    attributes: texts(fields, 6),
    ...ids(fields, 9, 10),
    severityNumber: varintOf(fields, 2),
    severityText: textOf(fields, 3),
  };
}

/** Where each kind of point has its attributes, by the kind's field. */
const attributeFields: Readonly<Record<number, number>> = { 5: 7, 7: 7, 9: 9, 10: 1, 11: 7, 29: 1 };

function points(metric: Uint8Array, shared: Shared): readonly TailItem[] {
  const name = textOf(readFields(metric), 1);
  const { kind, points: messages } = pointsOf(metric) ?? { kind: 0, points: [] };
  return messages.map((message) => {
    const fields = readFields(message);
    return {
      ...shared,
      timeUnixNano: String(fixed64Of(fields, 3)),
      text: name,
      attributes: texts(fields, attributeFields[kind] ?? 7),
      ...(kind === 5 || kind === 7 ? numberOf(fields) : {}),
    };
  });
}

function numberOf(fields: readonly Field[]): { readonly value?: number } {
  const found = fields.find(({ number }) => number === 4 || number === 6);
  if (found === undefined) return {};
  const { buffer, byteOffset } = found.content;
  const view = new DataView(buffer, byteOffset, 8);
  return { value: found.number === 4 ? view.getFloat64(0, true) : Number(view.getBigInt64(0, true)) };
}

function ids(fields: readonly Field[], trace: number, own: number): Pick<TailItem, 'traceId' | 'spanId'> {
  const [traceId, spanId] = [content(fields, trace), content(fields, own)];
  return {
    ...(traceId !== undefined && traceId.length > 0 && { traceId: Buffer.from(traceId).toString('hex') }),
    ...(spanId !== undefined && spanId.length > 0 && { spanId: Buffer.from(spanId).toString('hex') }),
  };
}

function content(fields: readonly Field[], wanted: number): Uint8Array | undefined {
  return fields.find(({ number }) => number === wanted)?.content;
}

/** Without a prototype, so that an attribute named `__proto__` is one like any other. */
function texts(fields: readonly Field[], number: number): Readonly<Record<string, string>> {
  const attributes: Record<string, string> = Object.create(null);
  for (const { key, value } of readAttributes(fields, number)) attributes[key] = printed(value);
  return attributes;
}
