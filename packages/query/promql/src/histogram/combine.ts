import { sameLayout } from './layout.ts';
import {
  type Buckets,
  bucketsOf,
  mapCounts,
  type NativeHistogram,
  noBuckets,
  type ResetHint,
} from './native-histogram.ts';

/** Two histograms made one, and what a user may have to know about it. */
export interface Combined {
  readonly histogram: NativeHistogram;
  /** Whether custom bounds differed and only the shared ones are left. */
  readonly wasReconciled: boolean;
  /** Whether one was after a reset and the other was not. */
  readonly hintsCollide: boolean;
}

/** @returns `undefined` for exponential against custom buckets */
export function addHistograms(left: NativeHistogram, right: NativeHistogram): Combined | undefined {
  return combine(left, right, 1);
}

/** @returns `undefined` for exponential against custom buckets */
export function subtractHistograms(left: NativeHistogram, right: NativeHistogram): Combined | undefined {
  return combine(left, right, -1);
}

function combine(left: NativeHistogram, right: NativeHistogram, sign: 1 | -1): Combined | undefined {
  const same = sameLayout(left, right);
  if (same === undefined) return undefined;
  const { left: a, right: b } = same;
  const { resetHint, hintsCollide } = combineHints(left.resetHint, right.resetHint);
  const histogram: NativeHistogram = {
    ...a,
    count: a.count + sign * b.count,
    sum: a.sum + sign * b.sum,
    zeroCount: a.zeroCount + sign * b.zeroCount,
    positive: mergeBuckets(a.positive, b.positive, (x, y) => x + sign * y),
    negative: mergeBuckets(a.negative, b.negative, (x, y) => x + sign * y),
    resetHint,
  };
  return { histogram, wasReconciled: same.wasReconciled, hintsCollide };
}

/** A gauge makes all a gauge; what is unknown stays unknown; a reset against none is a collision. */
function combineHints(
  left: ResetHint,
  right: ResetHint,
): { readonly resetHint: ResetHint; readonly hintsCollide: boolean } {
  if (left === right) return { resetHint: left, hintsCollide: false };
  if (left === 'gauge' || right === 'gauge') return { resetHint: 'gauge', hintsCollide: false };
  const isCollision = left !== 'unknown' && right !== 'unknown';
  return { resetHint: 'unknown', hintsCollide: isCollision };
}

/** Counts of two lists by index; a bucket that only one has counts as 0 in the other. */
function mergeBuckets(left: Buckets, right: Buckets, join: (left: number, right: number) => number): Buckets {
  const pairs: [number, number][] = [];
  let [a, b] = [0, 0];
  while (a < left.indexes.length || b < right.indexes.length) {
    const indexA = left.indexes[a] ?? Number.POSITIVE_INFINITY;
    const indexB = right.indexes[b] ?? Number.POSITIVE_INFINITY;
    const index = Math.min(indexA, indexB);
    const countA = indexA === index ? (left.counts[a++] ?? 0) : 0;
    const countB = indexB === index ? (right.counts[b++] ?? 0) : 0;
    pairs.push([index, join(countA, countB)]);
  }
  return bucketsOf(pairs);
}

/** A negative factor makes a gauge of a counter. */
export function scaleHistogram(histogram: NativeHistogram, factor: number): NativeHistogram {
  return {
    ...histogram,
    ...mapCounts(histogram, (count) => count * factor),
    resetHint: factor < 0 ? 'gauge' : histogram.resetHint,
  };
}

/** Dividing by zero takes the buckets away, as Prometheus has it: they would all be infinite or NaN. */
export function divideHistogram(histogram: NativeHistogram, divisor: number): NativeHistogram {
  const divided = mapCounts(histogram, (count) => count / divisor);
  const buckets = divisor === 0 ? { positive: noBuckets, negative: noBuckets } : {};
  const resetHint = divisor < 0 ? 'gauge' : histogram.resetHint;
  return { ...histogram, ...divided, ...buckets, resetHint };
}

/** Same layout and same numbers; the hints do not matter. */
export function equalHistograms(left: NativeHistogram, right: NativeHistogram): boolean {
  return (
    left.schema === right.schema &&
    sameNumber(left.count, right.count) &&
    sameNumber(left.sum, right.sum) &&
    left.zeroThreshold === right.zeroThreshold &&
    sameNumber(left.zeroCount, right.zeroCount) &&
    sameNumbers(left.customBounds, right.customBounds) &&
    sameBuckets(left.positive, right.positive) &&
    sameBuckets(left.negative, right.negative)
  );
}

function sameBuckets(left: Buckets, right: Buckets): boolean {
  return sameNumbers(left.indexes, right.indexes) && sameNumbers(left.counts, right.counts);
}

function sameNumbers(left: Float64Array | Int32Array, right: Float64Array | Int32Array): boolean {
  return left.length === right.length && left.every((number, index) => sameNumber(number, right[index]));
}

function sameNumber(left: number, right: number | undefined): boolean {
  return left === right || (Number.isNaN(left) && Number.isNaN(right));
}
