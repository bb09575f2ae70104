import { upperBound } from './bounds.ts';
import { type Buckets, bucketsOf, isCustom, type NativeHistogram } from './native-histogram.ts';

/** The histogram with its buckets joined to those of a coarser schema. */
export function toSchema(histogram: NativeHistogram, schema: number): NativeHistogram {
  if (histogram.schema <= schema || isCustom(histogram)) return histogram;
  const factor = 2 ** (histogram.schema - schema);
  const join = (buckets: Buckets) => moved(buckets, (index) => Math.ceil(index / factor));
  return { ...histogram, schema, positive: join(histogram.positive), negative: join(histogram.negative) };
}

/** Buckets under other indexes; the mapping keeps their order, and those that meet are added up. */
function moved({ indexes, counts }: Buckets, target: (index: number) => number): Buckets {
  const pairs: [number, number][] = [];
  for (const [place, index] of indexes.entries()) {
    const to = target(index);
    const last = pairs.at(-1);
    if (last?.[0] === to) last[1] += counts[place] ?? 0;
    else pairs.push([to, counts[place] ?? 0]);
  }
  return bucketsOf(pairs);
}

/** Whether two lists of custom bounds are the same. */
function sameBounds(left: Float64Array, right: Float64Array): boolean {
  return left.length === right.length && left.every((bound, index) => bound === right[index]);
}

/** The custom bounds that both lists have, in order. */
function sharedBounds(left: Float64Array, right: Float64Array): Float64Array {
  const known = new Set(right);
  return left.filter((bound) => known.has(bound));
}

/** A histogram with custom bounds, reduced to some of them. */
function toBounds(histogram: NativeHistogram, bounds: Float64Array): NativeHistogram {
  const positive = moved(histogram.positive, (index) => placeOf(upperBound(histogram, index), bounds));
  return { ...histogram, customBounds: bounds, positive };
}

function placeOf(bound: number, bounds: Float64Array): number {
  const place = bounds.findIndex((candidate) => candidate >= bound);
  return place === -1 ? bounds.length : place;
}

/** A histogram whose zero bucket reaches further, and has swallowed the buckets that it now covers. */
export function widenZero(histogram: NativeHistogram, threshold: number): NativeHistogram {
  let reached = threshold;
  for (;;) {
    const further = reachOf(histogram, reached);
    if (further === reached) return swallow(histogram, reached);
    reached = further;
  }
}

/** A threshold inside a populated bucket moves on to that bucket's end. */
function reachOf(histogram: NativeHistogram, threshold: number): number {
  let reached = threshold;
  for (const { indexes } of [histogram.positive, histogram.negative]) {
    for (const index of indexes) {
      const [lower, upper] = [upperBound(histogram, index - 1), upperBound(histogram, index)];
      if (lower < reached && upper > reached) reached = upper;
    }
  }
  return reached;
}

function swallow(histogram: NativeHistogram, zeroThreshold: number): NativeHistogram {
  let { zeroCount } = histogram;
  const rest = ({ indexes, counts }: Buckets): Buckets => {
    const pairs: [number, number][] = [];
    for (const [place, index] of indexes.entries()) {
      const count = counts[place] ?? 0;
      if (upperBound(histogram, index - 1) < zeroThreshold) zeroCount += count;
      else pairs.push([index, count]);
    }
    return bucketsOf(pairs);
  };
  const [positive, negative] = [rest(histogram.positive), rest(histogram.negative)];
  return { ...histogram, zeroThreshold, zeroCount, positive, negative };
}

/** Two histograms in one layout: the coarser schema, the wider zero bucket, the bounds they share. */
export interface SameLayout {
  readonly left: NativeHistogram;
  readonly right: NativeHistogram;
  /** Whether custom bounds differed. */
  readonly wasReconciled: boolean;
}

/** @returns `undefined` for exponential against custom buckets: these have no common layout */
export function sameLayout(left: NativeHistogram, right: NativeHistogram): SameLayout | undefined {
  if (isCustom(left) !== isCustom(right)) return undefined;
  if (!isCustom(left)) return { ...sameExponential(left, right), wasReconciled: false };
  if (sameBounds(left.customBounds, right.customBounds)) return { left, right, wasReconciled: false };
  const bounds = sharedBounds(left.customBounds, right.customBounds);
  return { left: toBounds(left, bounds), right: toBounds(right, bounds), wasReconciled: true };
}

function sameExponential(left: NativeHistogram, right: NativeHistogram): Omit<SameLayout, 'wasReconciled'> {
  let [a, b] = [left, right];
  while (a.zeroThreshold !== b.zeroThreshold) {
    if (a.zeroThreshold < b.zeroThreshold) a = widenZero(a, b.zeroThreshold);
    else b = widenZero(b, a.zeroThreshold);
  }
  const schema = Math.min(a.schema, b.schema);
  return { left: toSchema(a, schema), right: toSchema(b, schema) };
}
