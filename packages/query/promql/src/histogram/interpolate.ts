import { addHistograms, type Combined, scaleHistogram, subtractHistograms } from './combine.ts';
import type { NativeHistogram } from './native-histogram.ts';
import { isReset } from './reset.ts';

/**
 * The histogram between two others. A counter that was reset in between grew from nothing to the second one.
 *
 * @param part 0 is the first, 1 the second
 * @returns `undefined` for exponential against custom buckets
 */
export function betweenHistograms(
  first: NativeHistogram,
  second: NativeHistogram,
  part: number,
  isCounter: boolean,
): Combined | undefined {
  const difference = subtractHistograms(second, first);
  if (difference === undefined) return undefined;
  if (isCounter && isReset(second, first)) {
    return { histogram: scaleHistogram(second, part), wasReconciled: false, hintsCollide: false };
  }
  return addHistograms(first, scaleHistogram(difference.histogram, part));
}
