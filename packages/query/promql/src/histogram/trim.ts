import { allBuckets, type BoundedBucket, signBounded } from './bounds.ts';
import { type Buckets, bucketsOf, isCustom, type NativeHistogram } from './native-histogram.ts';

/** Which observations are kept. */
export type TrimSide = 'upTo' | 'from';

/** What is left of one bucket: its observations, and the value that they are taken to have in the new sum. */
interface Kept {
  readonly count: number;
  readonly middle: number;
}

/**
 * The observations of a histogram up to (`upTo`) or from (`from`) a value; a bucket that the value runs through is cut
 * by the interpolation that quantiles use. When anything was cut off, count and sum are estimated anew.
 */
export function trimHistogram(histogram: NativeHistogram, side: TrimSide, cut: number): NativeHistogram {
  if (cut === (side === 'upTo' ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY)) return histogram;
  const buckets = allBuckets(histogram);
  const kept = buckets.map((bucket) => keep(histogram, bucket, side, cut));
  if (kept.every((one, index) => one.count === buckets[index]?.count)) return histogram;
  const countOf = (which: BoundedBucket['side']) => kept.filter((_, index) => buckets[index]?.side === which);
  const counts = (which: BoundedBucket['side']) => countOf(which).map(({ count }) => count);
  return {
    ...histogram,
    count: kept.reduce((sum, { count }) => sum + count, 0),
    sum: kept.reduce((sum, { count, middle }) => (count === 0 ? sum : sum + count * middle), 0),
    zeroCount: counts('zero')[0] ?? 0,
    positive: recounted(histogram.positive, counts('positive')),
    negative: recounted(histogram.negative, counts('negative').reverse()),
  };
}

function recounted({ indexes }: Buckets, counts: readonly number[]): Buckets {
  return bucketsOf(Array.from(indexes, (index, place) => [index, counts[place] ?? 0]));
}

function keep(histogram: NativeHistogram, bucket: BoundedBucket, side: TrimSide, cut: number): Kept {
  if (bucket.upper === Number.POSITIVE_INFINITY) return keepOfLast(bucket, side, cut);
  if (bucket.lower === Number.NEGATIVE_INFINITY && (bucket.upper <= 0 || cut < 0)) {
    return keepOfFirst(bucket, side, cut);
  }
  const { lower, upper, count } = signBounded(histogram, bucket);
  const inside = Math.min(Math.max(cut, lower), upper);
  const isLinear = isCustom(histogram) || bucket.side === 'zero';
  const below = count * (isLinear ? (inside - lower) / (upper - lower) : logPart(inside, lower, upper));
  const [from, to] = side === 'upTo' ? [lower, inside] : [inside, upper];
  const middle = isLinear ? (from + to) / 2 : Math.sign(upper + lower) * Math.sqrt(from * to);
  return { count: side === 'upTo' ? below : count - below, middle };
}

/** Nothing says where in a bucket without an upper end its observations lie: below a value, none do. */
function keepOfLast({ lower, count }: BoundedBucket, side: TrimSide, cut: number): Kept {
  const isKept = side === 'from' && cut !== Number.POSITIVE_INFINITY && lower !== Number.NEGATIVE_INFINITY;
  return { count: isKept ? count : 0, middle: Math.max(lower, cut) };
}

function keepOfFirst({ upper, count }: BoundedBucket, side: TrimSide, cut: number): Kept {
  const isKept = side === 'upTo' && cut !== Number.NEGATIVE_INFINITY && upper <= 0;
  return { count: isKept ? count : 0, middle: Math.min(upper, cut) };
}

function logPart(value: number, lower: number, upper: number): number {
  const [low, high] = [Math.log2(Math.abs(lower)), Math.log2(Math.abs(upper))];
  return (Math.log2(Math.abs(value)) - low) / (high - low);
}
