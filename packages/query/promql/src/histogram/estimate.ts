import { KahanSum } from '../functions/kahan.ts';
import { allBuckets, type BoundedBucket, signBounded } from './bounds.ts';
import { isCustom, type NativeHistogram } from './native-histogram.ts';

/** An estimate, and what NaN observations (which are in no bucket) did to it. */
export interface QuantileEstimate {
  readonly value: number;
  readonly nanEffect: 'none' | 'isNaN' | 'skewed';
}

/**
 * The quantile of a native histogram: linear inside custom buckets and the zero bucket, exponential elsewhere.
 *
 * @param quantile below 0 gives -Inf, above 1 +Inf
 */
export function nativeQuantile(quantile: number, histogram: NativeHistogram): QuantileEstimate {
  if (quantile < 0) return plain(Number.NEGATIVE_INFINITY);
  if (quantile > 1) return plain(Number.POSITIVE_INFINITY);
  if (histogram.count === 0 || Number.isNaN(quantile)) return plain(Number.NaN);
  const hasNaN = Number.isNaN(histogram.sum);
  // Counting from the nearer end keeps rounding small; NaN observations lie beyond the upper end.
  const fromBelow = hasNaN || quantile < 0.5;
  const rank = (fromBelow ? quantile : 1 - quantile) * histogram.count;
  const found = findBucket(histogram, rank, fromBelow);
  if (found === undefined || (hasNaN && found.counted < rank)) {
    return { value: Number.NaN, nanEffect: hasNaN ? 'isNaN' : 'none' };
  }
  const value = insideBucket(histogram, found, rank, fromBelow);
  return { value, nanEffect: hasNaN ? 'skewed' : 'none' };
}

function plain(value: number): QuantileEstimate {
  return { value, nanEffect: 'none' };
}

interface FoundBucket {
  readonly bucket: BoundedBucket;
  /** Observations up to and with the bucket, from the end that was started from. */
  readonly counted: number;
}

function findBucket(histogram: NativeHistogram, rank: number, fromBelow: boolean): FoundBucket | undefined {
  const buckets = fromBelow ? allBuckets(histogram) : allBuckets(histogram).toReversed();
  let counted = 0;
  let found: FoundBucket | undefined;
  for (const bucket of buckets) {
    counted += bucket.count;
    found = { bucket, counted };
    if (counted >= rank) break;
  }
  return found;
}

function insideBucket(
  histogram: NativeHistogram,
  { bucket, counted }: FoundBucket,
  rank: number,
  fromBelow: boolean,
): number {
  if (isCustom(histogram)) {
    if (bucket.lower === Number.NEGATIVE_INFINITY && bucket.upper <= 0) return bucket.upper;
    if (bucket.upper === Number.POSITIVE_INFINITY) return bucket.lower;
  }
  const { lower, upper } = signBounded(histogram, bucket);
  const total = Math.min(counted, histogram.count);
  // Only where some bucket counts below 0, as in a difference, all together may fall short of the rank.
  if (total < rank) return upper;
  const part = (fromBelow ? rank - (total - bucket.count) : total - rank) / bucket.count;
  if (isCustom(histogram) || (lower <= 0 && upper >= 0)) return lower + (upper - lower) * part;
  return exponentially(lower, upper, part);
}

function exponentially(lower: number, upper: number, part: number): number {
  const logLower = Math.log2(Math.abs(lower));
  const logUpper = Math.log2(Math.abs(upper));
  if (lower > 0) return 2 ** (logLower + (logUpper - logLower) * part);
  return -(2 ** (logUpper + (logLower - logUpper) * (1 - part)));
}

/** The part of all observations that lies between two values. NaN observations are in no part. */
export function nativeFraction(lower: number, upper: number, histogram: NativeHistogram): number {
  if (histogram.count === 0 || Number.isNaN(lower) || Number.isNaN(upper)) return Number.NaN;
  if (lower >= upper) return 0;
  const all = Number.isNaN(histogram.sum) ? countInBuckets(histogram) : histogram.count;
  const upTo = (value: number): number => Math.min(all, countUpTo(value, histogram) ?? all);
  return (upTo(upper) - upTo(lower)) / histogram.count;
}

/** Without observations of NaN, which are counted but in no bucket. */
function countInBuckets(histogram: NativeHistogram): number {
  return allBuckets(histogram).reduce((sum, { count }) => sum + count, 0);
}

/** `undefined` beyond all buckets. */
function countUpTo(value: number, histogram: NativeHistogram): number | undefined {
  let below = 0;
  for (const bucket of allBuckets(histogram)) {
    const inside = signBounded(histogram, bucket);
    if (inside.lower >= value) return below;
    if (inside.upper > value) return below + inside.count * partBelow(value, inside, histogram);
    below += inside.count;
  }
  return undefined;
}

/** A custom bucket without an end has no even spread: the lowest one counts whole, the highest one not at all. */
function partBelow(value: number, { lower, upper }: BoundedBucket, histogram: NativeHistogram): number {
  if (lower === Number.NEGATIVE_INFINITY) return 1;
  if (upper === Number.POSITIVE_INFINITY) return 0;
  if (isCustom(histogram) || (lower <= 0 && upper >= 0)) return (value - lower) / (upper - lower);
  const [logLower, logUpper] = [Math.log2(Math.abs(lower)), Math.log2(Math.abs(upper))];
  const logValue = Math.log2(Math.abs(value));
  if (value > 0) return (logValue - logLower) / (logUpper - logLower);
  return 1 - (logValue - logUpper) / (logLower - logUpper);
}

/** The estimated variance: each bucket stands at its middle, geometric for exponential buckets. */
export function nativeVariance(histogram: NativeHistogram): number {
  const mean = histogram.sum / histogram.count;
  const variance = new KahanSum();
  for (const bucket of allBuckets(histogram)) {
    const difference = middle(bucket, histogram) - mean;
    variance.add(bucket.count * difference * difference);
  }
  return (variance.sum + variance.compensation) / histogram.count;
}

function middle({ lower, upper }: BoundedBucket, histogram: NativeHistogram): number {
  if (isCustom(histogram)) return (lower + upper) / 2;
  if (lower <= 0 && upper >= 0) return 0;
  const middleSize = Math.sqrt(lower * upper);
  return upper < 0 ? -middleSize : middleSize;
}
