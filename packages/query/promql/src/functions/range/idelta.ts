import { type FunctionDefinition, overTime } from '../definition.ts';
import { lastHistogramDifference, lastTwo } from './instant-difference.ts';

export const idelta: FunctionDefinition = overTime(
  'idelta',
  'difference of a gauge between the last two samples of the range',
  (window, _, notes) => {
    if (window.histogramCount > 0) return lastHistogramDifference(window, false, notes);
    const two = lastTwo(window);
    return two === undefined ? undefined : two.last - two.previous;
  },
  { takesHistograms: true },
);
