import { type NativeHistogram, printHistogram } from '@maru/promql';
import { isAlmostEqual } from './almost-equal.ts';
import type { HistogramComparison } from './target.ts';

/** Native histograms as the engine has them: all of a histogram can be compared. */
export const nativeComparison: HistogramComparison<NativeHistogram> = {
  showsHints: true,
  print: printHistogram,
  difference: (got, { histogram, namesHint }) => {
    if (namesHint && got.resetHint !== histogram.resetHint)
      return `expected the hint ${histogram.resetHint}, got ${got.resetHint}`;
    if (isAlmostEqualHistogram(got, histogram)) return undefined;
    return `expected ${printHistogram(histogram)}, got ${printHistogram(got)}`;
  },
};

function isAlmostEqualHistogram(left: NativeHistogram, right: NativeHistogram): boolean {
  const lists = (histogram: NativeHistogram) => [
    [histogram.schema, histogram.count, histogram.sum, histogram.zeroCount, histogram.zeroThreshold],
    [...histogram.positive.indexes],
    [...histogram.positive.counts],
    [...histogram.negative.indexes],
    [...histogram.negative.counts],
    [...histogram.customBounds],
  ];
  const others = lists(right);
  return lists(left).every((list, place) => {
    const other = others[place] ?? [];
    return (
      list.length === other.length &&
      list.every((value, index) => isAlmostEqual(value, other[index] ?? Number.NaN))
    );
  });
}
