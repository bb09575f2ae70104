import type { Window } from '../../evaluate/window.ts';
import type { NativeHistogram } from '../../histogram/native-histogram.ts';
import { isReset } from '../../histogram/reset.ts';
import { type FunctionDefinition, overTime } from '../definition.ts';
import { countNeighbours } from './count-neighbours.ts';
import { withStartHints } from './histogram-gain.ts';
import { neighboursOf, startsAnew } from './start-resets.ts';

export const resets: FunctionDefinition = overTime(
  'resets',
  'how often a counter fell in the range',
  (window) => {
    const byValue = { numbers: (now: number, before: number) => now < before, histograms: isReset };
    return window.starts === undefined && window.histogramStarts() === undefined
      ? countNeighbours(window, byValue)
      : countResets(window);
  },
  { takesHistograms: true },
);

/** Resets by value or by start time; numbers and histograms each among themselves, and one beside the other is one. */
function countResets(window: Window): number {
  const { times, starts, from, to } = window;
  const histograms = withStartHints(window);
  if (window.mode !== undefined || (histograms.length > 0 && window.count > 0)) {
    return countNeighbours(window, { numbers: (now, before) => now < before, histograms: isReset });
  }
  let count = 0;
  for (let index = from + 1; index < to; index += 1) {
    const isNew = starts !== undefined && startsAnew(neighboursOf(times, starts, index));
    if (isNew || window.valueAt(index) < window.valueAt(index - 1)) count += 1;
  }
  return count + histograms.filter((one, index) => isResetAfter(one, histograms[index - 1])).length;
}

function isResetAfter(current: NativeHistogram, previous: NativeHistogram | undefined): boolean {
  return previous !== undefined && isReset(current, previous);
}
