import { allBuckets, boundaryRule, type NativeHistogram, printHistogram } from '@maru/promql';
import { parseFloatText } from '@maru/query-core';
import { isAlmostEqual } from './almost-equal.ts';
import type { HistogramComparison } from './target.ts';

/** A native histogram as Prometheus's API shows it: populated buckets by their bounds, no schema, no hint. */
export interface ShownHistogram {
  readonly count: string;
  readonly sum: string;
  readonly buckets?: readonly (readonly [rule: number, lower: string, upper: string, count: string])[];
}

/** Compares what the API shows of a histogram; empty buckets and hints are not to be seen there. */
export const shownComparison: HistogramComparison<ShownHistogram> = {
  showsHints: false,
  print: (got) => JSON.stringify(got),
  difference: (got, { histogram }) =>
    isAlmostEqualList(numbersOf(got), expectedNumbers(histogram))
      ? undefined
      : `expected ${printHistogram(histogram)}, got ${JSON.stringify(got)}`,
};

function numbersOf({ count, sum, buckets = [] }: ShownHistogram): readonly number[] {
  return [count, sum, ...buckets.flat()].map((one) =>
    typeof one === 'number' ? one : (parseFloatText(one) ?? Number.NaN),
  );
}

function expectedNumbers(histogram: NativeHistogram): readonly number[] {
  const buckets = allBuckets(histogram).map((bucket) => [
    boundaryRule(bucket),
    bucket.lower,
    bucket.upper,
    bucket.count,
  ]);
  return [histogram.count, histogram.sum, ...buckets.flat()];
}

function isAlmostEqualList(left: readonly number[], right: readonly number[]): boolean {
  return (
    left.length === right.length &&
    left.every((value, index) => isAlmostEqual(value, right[index] ?? Number.NaN))
  );
}
