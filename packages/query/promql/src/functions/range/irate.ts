import type { Window } from '../../evaluate/window.ts';
import { type FunctionDefinition, overTime } from '../definition.ts';
import { inspectCounterName } from './extrapolate.ts';
import { lastHistogramDifference, lastTwo } from './instant-difference.ts';
import { neighboursOf, startsAnew } from './start-resets.ts';

export const irate: FunctionDefinition = overTime(
  'irate',
  'growth of a counter per second between the last two samples of the range',
  (window, _, notes) =>
    window.histogramCount > 0 ? lastHistogramDifference(window, true, notes) : lastGain(window),
  { takesHistograms: true, inspect: inspectCounterName },
);

function lastGain(window: Window): number | undefined {
  const two = lastTwo(window);
  if (two === undefined) return undefined;
  const isWholeGain = window.isDelta || two.last < two.previous || startedAnew(window);
  return (isWholeGain ? two.last : two.last - two.previous) / two.seconds;
}

function startedAnew({ times, starts, to }: Window): boolean {
  return starts !== undefined && startsAnew(neighboursOf(times, starts, to - 1));
}
