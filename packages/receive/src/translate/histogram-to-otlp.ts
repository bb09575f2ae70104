import {
  concat,
  double,
  doubleField,
  fixed64Field,
  lengthDelimited,
  varint,
  varintField,
  zigzagField,
} from '@maru/otlp';
import { joined } from './message.ts';
import { cumulative, nanos, noRecordedValue, staleBits, startNanos } from './otlp-values.ts';
import type { Buckets, WrittenHistogram } from './series.ts';

/** Prometheus's schema of histograms with bounds of their own. */
const customSchema = -53;
/** Buckets from the first to the last of a histogram, which OTLP has all of; Prometheus itself keeps to some hundreds. */
const mostDenseBuckets = 1_000;
const unknownHint = 0;
const gaugeHint = 3;

/**
 * Whether OTLP's exponential histogram can say all of it: whole counts, no hint that this is a gauge or began anew, a zero
 * bucket of some width (0 is OTLP's word for "not said"), no wide gap. What it cannot say is a `native_histogram`.
 */
export function isExpressible(histogram: WrittenHistogram): boolean {
  const { isFloat, schema, resetHint, zeroThreshold, negative, positive } = histogram;
  if (isFloat || schema < -4 || resetHint % 2 === 1 || !isSound(histogram)) return false;
  if (histogram.sumBits === staleBits) return true;
  return zeroThreshold > 0 && widthOf(positive) <= mostDenseBuckets && widthOf(negative) <= mostDenseBuckets;
}

/** The attributes of a histogram's point, and its exemplars. */
type PointFields = (histogram: WrittenHistogram) => Uint8Array;

/** OTLP's metric data of the histograms of one series. */
export function exponentialMetric(histograms: readonly WrittenHistogram[], fields: PointFields): Uint8Array {
  const points = histograms.map((one) => lengthDelimited(1, exponentialPoint(one), fields(one)));
  return lengthDelimited(10, joined(points), varintField(2, cumulative));
}

function exponentialPoint(histogram: WrittenHistogram): Uint8Array {
  const { startMs, timeMs, count, sum, sumBits, schema, zeroCount, zeroThreshold } = histogram;
  if (sumBits === staleBits) return concat(fixed64Field(3, nanos(timeMs)), varintField(10, noRecordedValue));
  return concat(
    fixed64Field(2, startNanos(startMs)),
    fixed64Field(3, nanos(timeMs)),
    fixed64Field(4, BigInt(count)),
    doubleField(5, sum),
    zigzagField(6, schema),
    fixed64Field(7, BigInt(zeroCount)),
    exponentialBuckets(8, histogram.positive),
    exponentialBuckets(9, histogram.negative),
    doubleField(14, zeroThreshold),
  );
}

/** Prometheus's bucket i ends where OTLP's bucket i begins: OTLP counts from one less. Gaps are zeros. */
function exponentialBuckets(field: number, buckets: Buckets): Uint8Array {
  const populated = indexed(buckets);
  const [first] = populated[0] ?? [];
  if (first === undefined) return new Uint8Array(0);
  const counts = new Array<number>(widthOf(buckets)).fill(0);
  for (const [index, count] of populated) counts[index - first] = count;
  const packed = lengthDelimited(2, ...counts.map((count) => varint(BigInt(count))));
  return lengthDelimited(field, zigzagField(1, first - 1), packed);
}

/** The store's own metric data of the histograms of one series. */
export function nativeMetric(histograms: readonly WrittenHistogram[], fields: PointFields): Uint8Array {
  const points = histograms.map((one) => lengthDelimited(1, nativePoint(one), fields(one)));
  return lengthDelimited(29, joined(points));
}

/** A schema that the check rejects, with its reason: a histogram that cannot be. */
const unsoundSchema = 127;

function nativePoint(histogram: WrittenHistogram): Uint8Array {
  const { startMs, timeMs, count, sum, sumBits, schema, zeroCount, zeroThreshold, bounds, resetHint } =
    histogram;
  if (sumBits === staleBits) return concat(fixed64Field(3, nanos(timeMs)), varintField(10, noRecordedValue));
  if (!isSound(histogram)) return concat(fixed64Field(3, nanos(timeMs)), zigzagField(6, unsoundSchema));
  return concat(
    fixed64Field(2, startNanos(startMs)),
    fixed64Field(3, nanos(timeMs)),
    doubleField(4, count),
    doubleField(5, sum),
    zigzagField(6, schema),
    doubleField(7, zeroCount),
    nativeBuckets(8, histogram.positive),
    nativeBuckets(9, histogram.negative),
    lengthDelimited(12, joined(bounds.map(double))),
    // That it is no reset is not taken on trust, as in Prometheus: whoever reads sees it from the counts.
    varintField(13, resetHint % 2 === 1 ? resetHint : unknownHint),
    doubleField(14, zeroThreshold),
  );
}

function nativeBuckets(field: number, buckets: Buckets): Uint8Array {
  return joined(
    indexed(buckets).map(([index, count]) =>
      lengthDelimited(field, zigzagField(1, index), doubleField(2, count)),
    ),
  );
}

/** The populated buckets by Prometheus's index, in ascending order. */
function indexed({ spans, counts }: Buckets): readonly (readonly [index: number, count: number])[] {
  const pairs: (readonly [number, number])[] = [];
  let [index, read] = [0, 0];
  for (const { offset, length } of spans) {
    index += offset;
    for (let left = length; left > 0; left -= 1) {
      const count = counts[read++] ?? 0;
      if (count !== 0) pairs.push([index, count]);
      index += 1;
    }
  }
  return pairs;
}

/** From the first populated bucket to the last. */
function widthOf(buckets: Buckets): number {
  const populated = indexed(buckets);
  return (populated.at(-1)?.[0] ?? 0) - (populated[0]?.[0] ?? 0) + Math.min(1, populated.length);
}

/** What Prometheus demands of a histogram before it stores it. */
function isSound(histogram: WrittenHistogram): boolean {
  const { schema, positive, negative, zeroCount, count, resetHint, sumBits } = histogram;
  if (sumBits === staleBits) return true;
  if (resetHint < unknownHint || resetHint > gaugeHint) return false;
  if (!haveCounts(positive) || !haveCounts(negative) || !isCount(zeroCount) || !isCount(count)) return false;
  if (schema === customSchema) return isSoundCustom(histogram);
  return schema >= -4 && schema <= 8;
}

function isCount(count: number): boolean {
  return count >= 0;
}

/** As many counts as the spans have buckets, none below 0, and no span that goes back. */
function haveCounts({ spans, counts }: Buckets): boolean {
  const buckets = spans.reduce((sum, { length }) => sum + length, 0);
  return (
    buckets === counts.length &&
    counts.every(isCount) &&
    spans.every(({ offset }, index) => index === 0 || offset >= 0)
  );
}

function isSoundCustom({ bounds, positive, negative, zeroCount }: WrittenHistogram): boolean {
  const isAscending = bounds.every((bound, index) => index === 0 || bound > (bounds[index - 1] ?? 0));
  const areFinite = bounds.every((bound) => bound < Number.POSITIVE_INFINITY);
  const last = indexed(positive).at(-1)?.[0] ?? 0;
  const first = indexed(positive)[0]?.[0] ?? 0;
  return (
    isAscending &&
    areFinite &&
    first >= 0 &&
    last <= bounds.length &&
    negative.counts.length === 0 &&
    zeroCount === 0
  );
}
