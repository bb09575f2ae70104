/** One classic bucket at one step: observations up to and with `upperBound`, cumulative. */
export interface Bucket {
  readonly upperBound: number;
  readonly count: number;
}

/** Buckets in order, made whole; and whether that took more than rounding. */
export interface CleanBuckets {
  readonly buckets: readonly Bucket[];
  readonly wasForcedMonotonic: boolean;
}

/**
 * Sorts, joins buckets of the same bound, and makes counts grow: scrapes and rates of single buckets are not of one
 * moment, so a higher bucket may hold a little less than a lower one.
 *
 * @returns `undefined` without a bucket up to +Inf
 */
export function cleanBuckets(given: readonly Bucket[]): CleanBuckets | undefined {
  const sorted = given.toSorted((left, right) => left.upperBound - right.upperBound || 0);
  if (sorted.at(-1)?.upperBound !== Number.POSITIVE_INFINITY) return undefined;
  return makeMonotonic(joinEqualBounds(sorted));
}

function joinEqualBounds(sorted: readonly Bucket[]): readonly Bucket[] {
  const joined: Bucket[] = [];
  for (const bucket of sorted) {
    const last = joined.at(-1);
    if (last?.upperBound === bucket.upperBound) {
      joined[joined.length - 1] = { ...last, count: last.count + bucket.count };
    } else joined.push(bucket);
  }
  return joined;
}

/** Differences below this part of the counts are rounding. */
const tolerance = 1e-12;

function makeMonotonic(buckets: readonly Bucket[]): CleanBuckets {
  let wasForcedMonotonic = false;
  let highest = buckets[0]?.count ?? 0;
  const grown = buckets.map((bucket) => {
    if (isAlmostEqual(highest, bucket.count)) return { ...bucket, count: highest };
    if (bucket.count < highest) {
      wasForcedMonotonic = true;
      return { ...bucket, count: highest };
    }
    highest = bucket.count;
    return bucket;
  });
  return { buckets: grown, wasForcedMonotonic };
}

function isAlmostEqual(left: number, right: number): boolean {
  if (left === right || (Number.isNaN(left) && Number.isNaN(right))) return true;
  if (left === 0 || right === 0) return false;
  return Math.abs(left - right) / Math.min(Math.abs(left) + Math.abs(right), Number.MAX_VALUE) < tolerance;
}
