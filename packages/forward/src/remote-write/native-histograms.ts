import {
  contentOf,
  doubleOf,
  eightBytesOf,
  type Field,
  fixed64Of,
  nothing,
  readFields,
  varintOf,
  varintsOf,
  viewOf,
  zigzagOf,
} from '../model/fields.ts';
import {
  doubleBytes,
  exemplarsOf,
  isStale,
  named,
  type PointLayout,
  type PrometheusMetric,
  staleMarker,
  timeOf,
} from './point.ts';
import type { Bucket, WriteHistogram } from './series.ts';

/** OTLP's exponential histogram and Maru's native one have the same numbers for these. */
const layout: PointLayout = { attributes: 1, flags: 10, exemplars: 11 };

/** Prometheus's finest and coarsest schemas; OTLP's scales go on in both directions. */
const finestSchema = 8;
const coarsestSchema = -4;

/** The zero bucket of OTLP histograms that name no width, as Prometheus translates them. */
const defaultZeroThreshold = 1e-128;

type Shape = Omit<WriteHistogram, 'timeMs' | 'startMs'>;

/** Whether an exponential histogram's buckets can be those of Prometheus. */
export function isTooCoarse(point: readonly Field[]): boolean {
  return zigzagOf(point, 6) < coarsestSchema;
}

/** A point of OTLP's exponential histogram, whose scale may be finer than Prometheus knows. */
export function addExponential(point: readonly Field[], metric: PrometheusMetric): void {
  const scale = zigzagOf(point, 6);
  const schema = Math.min(finestSchema, scale);
  add(point, metric, {
    isFloat: false,
    count: Number(fixed64Of(point, 4)),
    sum: doubleBytes(point, 5),
    schema,
    zeroThreshold: doubleOf(point, 14) || defaultZeroThreshold,
    zeroCount: Number(fixed64Of(point, 7)),
    positive: exponentialBuckets(point, 8, scale - schema),
    negative: exponentialBuckets(point, 9, scale - schema),
    customBounds: [],
    resetHint: 0,
  });
}

/** OTLP's bucket i reaches from base^i to base^(i+1), Prometheus's ends at base^i; each step coarser joins two. */
function exponentialBuckets(point: readonly Field[], field: number, coarser: number): readonly Bucket[] {
  const buckets = readFields(contentOf(point, field) ?? nothing);
  const first = zigzagOf(buckets, 1) + 1;
  const counts = new Map<number, number>();
  for (const [place, count] of varintsOf(buckets, 2).entries()) {
    const index = Math.ceil((first + place) / 2 ** coarser);
    if (count > 0) counts.set(index, (counts.get(index) ?? 0) + count);
  }
  return [...counts];
}

/** A point of a histogram that came from Prometheus as it is and that OTLP has no words for. */
export function addNative(point: readonly Field[], metric: PrometheusMetric): void {
  add(point, metric, {
    isFloat: true,
    count: doubleOf(point, 4) ?? 0,
    sum: doubleBytes(point, 5),
    schema: zigzagOf(point, 6),
    zeroCount: doubleOf(point, 7) ?? 0,
    positive: nativeBuckets(point, 8),
    negative: nativeBuckets(point, 9),
    customBounds: eightBytesOf(point, 12).map((bytes) => viewOf(bytes).getFloat64(0, true)),
    resetHint: varintOf(point, 13),
    zeroThreshold: doubleOf(point, 14) ?? 0,
  });
}

function nativeBuckets(point: readonly Field[], field: number): readonly Bucket[] {
  return point
    .filter(({ number }) => number === field)
    .map(({ content }) => readFields(content))
    .map((bucket): Bucket => [zigzagOf(bucket, 1), doubleOf(bucket, 2) ?? 0])
    .toSorted(([left], [right]) => left - right);
}

function add(point: readonly Field[], metric: PrometheusMetric, shape: Shape): void {
  const time = timeOf(point);
  const labels = named(metric.labelsOf(point, layout.attributes), metric.name);
  const series = metric.series.of(labels, metric.metadata);
  series.histograms.push({ ...time, ...shape, sum: isStale(point, layout) ? staleMarker : shape.sum });
  if (metric.withExemplars) series.exemplars.push(...exemplarsOf(point, layout, time));
}
