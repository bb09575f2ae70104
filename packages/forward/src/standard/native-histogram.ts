import { fixed64, fixed64Field, lengthDelimited, varint, varintField, zigzagField } from '@maru/otlp';
import {
  contentOf,
  eightBytesOf,
  type Field,
  readFields,
  viewOf,
  writeFields,
  zigzagOf,
} from '../model/fields.ts';

/** Field numbers of Metric. */
const metricField = {
  histogram: 9,
  exponentialHistogram: 10,
  isPrometheus: 28,
  nativeHistogram: 29,
} as const;

/** Field numbers of NativeHistogramDataPoint; 1, 2, 3, 5, 10, 11 and 14 are those of OTLP's exponential histogram. */
const pointField = {
  attributes: 1,
  startTime: 2,
  time: 3,
  count: 4,
  sum: 5,
  schema: 6,
  zeroCount: 7,
  positive: 8,
  negative: 9,
  flags: 10,
  exemplars: 11,
  customBounds: 12,
  zeroThreshold: 14,
} as const;

const customSchema = -53;
const cumulative = varintField(2, 2);

/**
 * A metric without what only Maru knows: a native histogram of Prometheus becomes an exponential one, or one with bounds where it
 * has its own. OTLP counts whole observations, so that fractions of counts are rounded; hints on resets have no place. Undefined
 * for every other metric.
 */
export function standardMetric(metric: Uint8Array): Uint8Array | undefined {
  const fields = readFields(metric);
  if (!fields.some(isOwn)) return undefined;
  const kept = writeFields(fields.filter((field) => !isOwn(field)));
  const native = contentOf(fields, metricField.nativeHistogram);
  if (native === undefined) return kept;
  const points = readFields(native)
    .filter(({ number }) => number === 1)
    .map(({ content }) => readFields(content));
  return Buffer.concat([kept, ...dataOf(points)]);
}

function isOwn({ number }: Field): boolean {
  return number === metricField.isPrometheus || number === metricField.nativeHistogram;
}

/** A metric has one kind of data; of a series that changed between the two kinds, the newer kind counts. */
function dataOf(points: readonly (readonly Field[])[]): readonly Uint8Array[] {
  const isCustom = points.at(-1) !== undefined && schemaOf(points.at(-1) ?? []) === customSchema;
  const chosen = points.filter((point) => (schemaOf(point) === customSchema) === isCustom);
  const written = chosen.map((point) =>
    lengthDelimited(1, isCustom ? withBounds(point) : exponential(point)),
  );
  const kind = isCustom ? metricField.histogram : metricField.exponentialHistogram;
  return [lengthDelimited(kind, ...written, cumulative)];
}

function schemaOf(point: readonly Field[]): number {
  return zigzagOf(point, pointField.schema);
}

function whole(point: readonly Field[], number: number): bigint {
  const content = contentOf(point, number);
  return content === undefined ? 0n : rounded(viewOf(content).getFloat64(0, true));
}

function rounded(count: number): bigint {
  return Number.isFinite(count) && count > 0 ? BigInt(Math.round(count)) : 0n;
}

const kept: ReadonlySet<number> = new Set([
  pointField.attributes,
  pointField.startTime,
  pointField.time,
  pointField.sum,
  pointField.flags,
  pointField.exemplars,
  pointField.zeroThreshold,
]);

function exponential(point: readonly Field[]): Uint8Array {
  const same = point.filter(({ number }) => kept.has(number)).map(({ raw }) => raw);
  return Buffer.concat([
    ...same,
    fixed64Field(pointField.count, whole(point, pointField.count)),
    zigzagField(pointField.schema, schemaOf(point)),
    fixed64Field(pointField.zeroCount, whole(point, pointField.zeroCount)),
    ...bucketsField(point, pointField.positive),
    ...bucketsField(point, pointField.negative),
  ]);
}

/** Prometheus's bucket `i` ends at `base^i`, OTLP's begins there: the indexes differ by one. */
function bucketsField(point: readonly Field[], number: number): readonly Uint8Array[] {
  const buckets = bucketsOf(point, number);
  const first = Math.min(...buckets.keys());
  if (!Number.isFinite(first)) return [];
  const counts = Array.from({ length: Math.max(...buckets.keys()) - first + 1 }, (_, at) =>
    varint(buckets.get(first + at) ?? 0n),
  );
  return [lengthDelimited(number, zigzagField(1, first - 1), lengthDelimited(2, ...counts))];
}

function bucketsOf(point: readonly Field[], number: number): ReadonlyMap<number, bigint> {
  const buckets = point.filter((field) => field.number === number).map(({ content }) => readFields(content));
  return new Map(buckets.map((bucket) => [zigzagOf(bucket, 1), whole(bucket, 2)]));
}

/** Field numbers of OTLP's HistogramDataPoint, where they are others. */
const explicitField = { bucketCounts: 6, explicitBounds: 7, exemplars: 8, attributes: 9 } as const;

function withBounds(point: readonly Field[]): Uint8Array {
  const bounds = eightBytesOf(point, pointField.customBounds);
  const buckets = bucketsOf(point, pointField.positive);
  const counts = Array.from({ length: bounds.length + 1 }, (_, at) => fixed64(buckets.get(at) ?? 0n));
  const moved = (from: number, to: number): readonly Uint8Array[] =>
    point.filter(({ number }) => number === from).map(({ content }) => lengthDelimited(to, content));
  const same = point.filter(({ number }) => [2, 3, 5, 10].includes(number)).map(({ raw }) => raw);
  return Buffer.concat([
    ...same,
    fixed64Field(4, whole(point, pointField.count)),
    lengthDelimited(explicitField.bucketCounts, ...counts),
    lengthDelimited(explicitField.explicitBounds, ...bounds),
    ...moved(pointField.exemplars, explicitField.exemplars),
    ...moved(pointField.attributes, explicitField.attributes),
  ]);
}
