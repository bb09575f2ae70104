import { type Buckets, isCustom, type NativeHistogram } from './native-histogram.ts';

/** One populated bucket with its bounds, both of which belong to it or not as its side has it. */
export interface BoundedBucket {
  readonly lower: number;
  readonly upper: number;
  readonly count: number;
  readonly side: 'positive' | 'negative' | 'zero';
}

/** The upper bound of a positive exponential bucket. */
function exponentialBound(index: number, schema: number): number {
  const exponent = index * 2 ** -schema;
  // The last bucket that has finite numbers in it ends at the greatest of them, not at 2^1024.
  return exponent === 1024 ? Number.MAX_VALUE : 2 ** exponent;
}

/** The upper bound of a positive bucket. */
export function upperBound({ schema, customBounds }: NativeHistogram, index: number): number {
  if (schema >= -4) return exponentialBound(index, schema);
  return index < 0 ? Number.NEGATIVE_INFINITY : (customBounds[index] ?? Number.POSITIVE_INFINITY);
}

/**
 * All populated buckets from the lowest to the highest, the zero bucket among them. A zero bucket below 0, which only a
 * difference has, is left out, as Prometheus leaves it out.
 */
export function allBuckets(histogram: NativeHistogram): readonly BoundedBucket[] {
  const { zeroThreshold, zeroCount } = histogram;
  const negative = sideBuckets(histogram, histogram.negative).map(
    ({ lower, upper, count }): BoundedBucket => ({ lower: -upper, upper: -lower, count, side: 'negative' }),
  );
  const positive = sideBuckets(histogram, histogram.positive);
  const above = zeroThreshold === 0 || isCustom(histogram) ? positive : positive.map(cutLower(zeroThreshold));
  const below = zeroThreshold === 0 ? negative : negative.map(cutUpper(-zeroThreshold));
  if (!(zeroCount > 0)) return [...below.reverse(), ...above];
  const zero: BoundedBucket = { lower: -zeroThreshold, upper: zeroThreshold, count: zeroCount, side: 'zero' };
  return [...below.reverse(), zero, ...above];
}

function sideBuckets(histogram: NativeHistogram, { indexes, counts }: Buckets): BoundedBucket[] {
  return Array.from(indexes, (index, place) => ({
    lower: upperBound(histogram, index - 1),
    upper: upperBound(histogram, index),
    count: counts[place] ?? 0,
    side: 'positive',
  }));
}

/** The zero bucket takes the part of a bucket that it overlaps, be it empty; a bucket inside it ends up bounded beyond its end. */
function cutLower(threshold: number): (bucket: BoundedBucket) => BoundedBucket {
  return (bucket) => (bucket.lower < threshold ? { ...bucket, lower: threshold } : bucket);
}

function cutUpper(threshold: number): (bucket: BoundedBucket) => BoundedBucket {
  return (bucket) => (bucket.upper > threshold ? { ...bucket, upper: threshold } : bucket);
}

/** A zero bucket beside buckets of one sign only holds numbers of that sign; a first custom bucket starts at 0. */
export function signBounded(histogram: NativeHistogram, bucket: BoundedBucket): BoundedBucket {
  if (isCustom(histogram)) {
    return bucket.lower === Number.NEGATIVE_INFINITY && bucket.upper > 0 ? { ...bucket, lower: 0 } : bucket;
  }
  if (bucket.side !== 'zero') return bucket;
  const hasNegative = histogram.negative.indexes.length > 0;
  const hasPositive = histogram.positive.indexes.length > 0;
  if (hasPositive && !hasNegative) return { ...bucket, lower: 0 };
  return hasNegative && !hasPositive ? { ...bucket, upper: 0 } : bucket;
}
