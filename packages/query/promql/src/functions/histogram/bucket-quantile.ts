import type { Buckets } from './buckets.ts';

/**
 * The quantile of clean classic buckets by linear interpolation inside the bucket where it falls.
 *
 * @param quantile below 0 gives -Inf, above 1 +Inf
 */
export function bucketQuantile(quantile: number, { length, upperBounds, counts }: Buckets): number {
  if (Number.isNaN(quantile)) return Number.NaN;
  if (quantile < 0) return Number.NEGATIVE_INFINITY;
  if (quantile > 1) return Number.POSITIVE_INFINITY;
  const observations = counts[length - 1] ?? 0;
  if (length < 2 || observations === 0 || Number.isNaN(observations)) return Number.NaN;
  const rank = quantile * observations;
  let found = 0;
  while (found < length && !((counts[found] ?? Number.NaN) >= rank)) found += 1;
  // What lies in the bucket up to +Inf has no upper bound to interpolate to.
  if (found >= length - 1) return upperBounds[length - 2] ?? Number.NaN;
  const upper = upperBounds[found] ?? Number.NaN;
  if (found === 0 && upper <= 0) return upper;
  const lower = found === 0 ? 0 : (upperBounds[found - 1] ?? Number.NaN);
  const below = found === 0 ? 0 : (counts[found - 1] ?? Number.NaN);
  return lower + (upper - lower) * ((rank - below) / ((counts[found] ?? Number.NaN) - below));
}

/** The part of all observations that lies between two values, by linear interpolation. */
export function bucketFraction(lower: number, upper: number, buckets: Buckets): number {
  const observations = buckets.counts[buckets.length - 1] ?? 0;
  if (observations === 0 || Number.isNaN(observations) || Number.isNaN(lower) || Number.isNaN(upper)) {
    return Number.NaN;
  }
  if (lower >= upper) return 0;
  const upTo = (value: number): number => Math.min(observations, countUpTo(value, buckets));
  return (upTo(upper) - upTo(lower)) / observations;
}

/** How many observations are estimated to be at most `value`. */
function countUpTo(value: number, { length, upperBounds, counts }: Buckets): number {
  let below = 0;
  for (let index = 0; index < length; index += 1) {
    const bucket = { upperBound: upperBounds[index] ?? Number.NaN, count: counts[index] ?? Number.NaN };
    const lowerBound = upperBounds[index - 1] ?? (bucket.upperBound > 0 ? 0 : Number.NEGATIVE_INFINITY);
    if (lowerBound >= value) return below;
    if (bucket.upperBound > value) return below + partOfBucket(value, lowerBound, below, bucket);
    below = bucket.count;
  }
  return below;
}

interface Bucket {
  readonly upperBound: number;
  readonly count: number;
}

/** A bucket without an end has no even spread: the lowest one counts whole, the highest one not at all. */
function partOfBucket(value: number, lowerBound: number, below: number, bucket: Bucket): number {
  if (lowerBound === Number.NEGATIVE_INFINITY) return bucket.count - below;
  if (bucket.upperBound === Number.POSITIVE_INFINITY) return 0;
  return ((bucket.count - below) * (value - lowerBound)) / (bucket.upperBound - lowerBound);
}
