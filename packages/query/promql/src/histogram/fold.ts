import { KahanSum, meanOf } from '../functions/kahan.ts';
import type { Combined } from './combine.ts';
import { sameLayout } from './layout.ts';
import { type Buckets, bucketsOf, type NativeHistogram, type ResetHint } from './native-histogram.ts';

/**
 * The sum of histograms, count by count with compensation.
 *
 * @param histograms at least one
 * @returns `undefined` where exponential and custom buckets meet
 */
export function sumHistograms(histograms: readonly NativeHistogram[]): Combined | undefined {
  return fold(histograms, (values) => {
    const sum = new KahanSum();
    for (const value of values) sum.add(value);
    return sum.total;
  });
}

/** The mean of histograms, as `sumHistograms`. */
export function meanHistogram(histograms: readonly NativeHistogram[]): Combined | undefined {
  return fold(histograms, meanOf);
}

function fold(
  histograms: readonly NativeHistogram[],
  combine: (values: Float64Array) => number,
): Combined | undefined {
  const aligned = align(histograms);
  const [first] = aligned?.histograms ?? [];
  if (aligned === undefined || first === undefined) return undefined;
  const all = aligned.histograms;
  const number = (pick: (histogram: NativeHistogram) => number) => combine(Float64Array.from(all, pick));
  const histogram: NativeHistogram = {
    ...first,
    count: number((one) => one.count),
    sum: number((one) => one.sum),
    zeroCount: number((one) => one.zeroCount),
    positive: foldBuckets(
      all.map((one) => one.positive),
      combine,
    ),
    negative: foldBuckets(
      all.map((one) => one.negative),
      combine,
    ),
    resetHint: aligned.resetHint,
  };
  return { histogram, wasReconciled: aligned.wasReconciled, hintsCollide: aligned.hintsCollide };
}

interface Aligned extends Omit<Combined, 'histogram'> {
  readonly histograms: readonly NativeHistogram[];
  readonly resetHint: ResetHint;
}

/** All histograms in the layout of the first, which is made such that all fit: twice through brings all there. */
function align(histograms: readonly NativeHistogram[]): Aligned | undefined {
  let [layout] = histograms;
  let wasReconciled = false;
  for (const histogram of histograms) {
    const same = layout === undefined ? undefined : sameLayout(layout, histogram);
    if (same === undefined) return undefined;
    layout = same.left;
    wasReconciled ||= same.wasReconciled;
  }
  const common = layout;
  const aligned = histograms.map((one) =>
    common === undefined ? one : (sameLayout(one, common)?.left ?? one),
  );
  return { histograms: aligned, wasReconciled, ...foldHints(histograms) };
}

/** As `combineHints`, for all at once: a reset against none collides even where a gauge stands between them. */
function foldHints(histograms: readonly NativeHistogram[]): Omit<Aligned, 'histograms' | 'wasReconciled'> {
  const hints = new Set(histograms.map(({ resetHint }) => resetHint));
  const hintsCollide = hints.has('reset') && hints.has('notReset');
  if (hints.has('gauge')) return { resetHint: 'gauge', hintsCollide };
  const [only = 'unknown'] = hints.size === 1 ? hints : [];
  return { resetHint: only, hintsCollide };
}

function foldBuckets(lists: readonly Buckets[], combine: (values: Float64Array) => number): Buckets {
  const byIndex = new Map<number, Float64Array>();
  for (const [list, { indexes, counts }] of lists.entries()) {
    for (const [place, index] of indexes.entries()) {
      const values = byIndex.get(index) ?? new Float64Array(lists.length);
      values[list] = counts[place] ?? 0;
      byIndex.set(index, values);
    }
  }
  const indexes = [...byIndex.keys()].sort((left, right) => left - right);
  return bucketsOf(indexes.map((index) => [index, combine(byIndex.get(index) ?? new Float64Array())]));
}
