/**
 * A native histogram: observations in buckets that grow exponentially (by `schema`), or between bounds of its own
 * (`customSchema`). Immutable; empty buckets are left out, so two histograms of the same content are alike.
 */
export interface NativeHistogram {
  /** -4 to 8: each bucket is 2^(2^-schema) times as wide as the one before; or `customSchema`. */
  readonly schema: number;
  readonly count: number;
  readonly sum: number;
  /** Observations from -zeroThreshold to +zeroThreshold. */
  readonly zeroThreshold: number;
  readonly zeroCount: number;
  /** Index i holds (base^(i-1), base^i]; with custom bounds (bound i-1, bound i], the last up to +Inf. */
  readonly positive: Buckets;
  /** Mirrored: index i holds [-base^i, -base^(i-1)). */
  readonly negative: Buckets;
  /** Upper bounds without +Inf; empty for exponential buckets. */
  readonly customBounds: Float64Array;
  readonly resetHint: ResetHint;
}

/** Populated buckets in ascending order of index. Floats: results of functions are no whole numbers. */
export interface Buckets {
  readonly indexes: Int32Array;
  readonly counts: Float64Array;
}

/** What is known about a counter histogram against the sample before it; a gauge has no resets. */
export type ResetHint = 'unknown' | 'reset' | 'notReset' | 'gauge';

/** Prometheus's number for histograms with custom bounds. */
export const customSchema = -53;

export const noBuckets: Buckets = { indexes: new Int32Array(), counts: new Float64Array() };

const noBounds: Float64Array = new Float64Array();

/** The histogram without observations. */
export const emptyHistogram: NativeHistogram = {
  schema: 0,
  count: 0,
  sum: 0,
  zeroThreshold: 0,
  zeroCount: 0,
  positive: noBuckets,
  negative: noBuckets,
  customBounds: noBounds,
  resetHint: 'unknown',
};

export function isCustom(histogram: NativeHistogram): boolean {
  return histogram.schema === customSchema;
}

/** Buckets from counts that lie side by side, from index `offset` on. */
export function denseBuckets(offset: number, counts: ArrayLike<number>): Buckets {
  const pairs = Array.from(counts, (count, place): readonly [number, number] => [offset + place, count]);
  return bucketsOf(pairs);
}

/** Buckets from pairs of index and count in ascending order; empty ones are left out. */
export function bucketsOf(pairs: readonly (readonly [index: number, count: number])[]): Buckets {
  const populated = pairs.filter(([, count]) => count !== 0);
  return {
    indexes: Int32Array.from(populated, ([index]) => index),
    counts: Float64Array.from(populated, ([, count]) => count),
  };
}

/** Every number of the histogram that counts observations, changed; bounds stay. */
export function mapCounts(
  histogram: NativeHistogram,
  change: (count: number) => number,
): Pick<NativeHistogram, 'count' | 'sum' | 'zeroCount' | 'positive' | 'negative'> {
  const mapped = ({ indexes, counts }: Buckets): Buckets =>
    bucketsOf(Array.from(indexes, (index, place) => [index, change(counts[place] ?? 0)]));
  return {
    count: change(histogram.count),
    sum: change(histogram.sum),
    zeroCount: change(histogram.zeroCount),
    positive: mapped(histogram.positive),
    negative: mapped(histogram.negative),
  };
}
