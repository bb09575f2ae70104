import type { NativeHistogram } from '../histogram/native-histogram.ts';
import { isReset } from '../histogram/reset.ts';
import type { RawSeries } from './raw-series.ts';

type Histograms = readonly (NativeHistogram | undefined)[];

/**
 * What can be said of each histogram against its neighbour: that it follows without a reset. Prometheus knows it from
 * how its chunks are cut, and where a chunk begins nothing is known.
 */
export function withResetHints(
  histograms: Histograms,
  stale: Uint8Array | undefined,
  isDelta: boolean,
): Histograms {
  if (isDelta) return histograms;
  return histograms.map((current, index) => {
    const previous = stale?.[index - 1] === 1 ? undefined : histograms[index - 1];
    if (current?.resetHint !== 'unknown' || previous === undefined || previous.resetHint === 'gauge')
      return current;
    return isReset(current, previous) ? current : { ...current, resetHint: 'notReset' };
  });
}

/** The series with resets named where they are seen, which Prometheus does when only counts and sums are wanted. */
export function withKnownResets(series: RawSeries): RawSeries {
  const { histograms } = series;
  if (histograms === undefined || series.isDelta) return series;
  const named = histograms.map((current, index) => {
    const previous = histograms[index - 1];
    if (current?.resetHint !== 'unknown' || previous === undefined || previous.resetHint === 'gauge')
      return current;
    return isReset(current, previous) ? { ...current, resetHint: 'reset' as const } : current;
  });
  return { ...series, histograms: named };
}
