import type { Bucket } from './buckets.ts';

/**
 * The quantile of clean classic buckets by linear interpolation inside the bucket where it falls.
 *
 * @param quantile below 0 gives -Inf, above 1 +Inf
 */
export function bucketQuantile(quantile: number, buckets: readonly Bucket[]): number {
  if (Number.isNaN(quantile)) return Number.NaN;
  if (quantile < 0) return Number.NEGATIVE_INFINITY;
  if (quantile > 1) return Number.POSITIVE_INFINITY;
  const observations = buckets.at(-1)?.count ?? 0;
  if (buckets.length < 2 || observations === 0 || Number.isNaN(observations)) return Number.NaN;
  const rank = quantile * observations;
  const found = buckets.findIndex((bucket) => bucket.count >= rank);
  // What lies in the bucket up to +Inf has no upper bound to interpolate to.
  if (found === -1 || found === buckets.length - 1) return buckets.at(-2)?.upperBound ?? Number.NaN;
  return interpolate(rank, buckets[found - 1], buckets[found]);
}

function interpolate(rank: number, below: Bucket | undefined, bucket: Bucket | undefined): number {
  if (bucket === undefined) return Number.NaN;
  if (below === undefined && bucket.upperBound <= 0) return bucket.upperBound;
  const lower = below?.upperBound ?? 0;
  const countBelow = below?.count ?? 0;
  return lower + (bucket.upperBound - lower) * ((rank - countBelow) / (bucket.count - countBelow));
}

/** The part of all observations that lies between two values, by linear interpolation. */
export function bucketFraction(lower: number, upper: number, buckets: readonly Bucket[]): number {
  const observations = buckets.at(-1)?.count ?? 0;
  if (observations === 0 || Number.isNaN(observations) || Number.isNaN(lower) || Number.isNaN(upper)) {
    return Number.NaN;
  }
  if (lower >= upper) return 0;
  const upTo = (value: number): number => Math.min(observations, countUpTo(value, buckets));
  return (upTo(upper) - upTo(lower)) / observations;
}

/** How many observations are estimated to be at most `value`. */
function countUpTo(value: number, buckets: readonly Bucket[]): number {
  let below = 0;
  for (const [index, bucket] of buckets.entries()) {
    const lowerBound =
      buckets[index - 1]?.upperBound ?? (bucket.upperBound > 0 ? 0 : Number.NEGATIVE_INFINITY);
    if (lowerBound >= value) return below;
    if (bucket.upperBound > value) return below + partOfBucket(value, lowerBound, below, bucket);
    below = bucket.count;
  }
  return below;
}

/** A bucket without an end has no even spread: the lowest one counts whole, the highest one not at all. */
function partOfBucket(value: number, lowerBound: number, below: number, bucket: Bucket): number {
  if (lowerBound === Number.NEGATIVE_INFINITY) return bucket.count - below;
  if (bucket.upperBound === Number.POSITIVE_INFINITY) return 0;
  return ((bucket.count - below) * (value - lowerBound)) / (bucket.upperBound - lowerBound);
}
