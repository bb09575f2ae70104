import { meanHistogram } from '../../histogram/fold.ts';
import { type FunctionDefinition, overTime } from '../definition.ts';
import { meanOf } from '../kahan.ts';
import { combineWindow } from './combine-histograms.ts';

export const avgOverTime: FunctionDefinition = overTime(
  'avg_over_time',
  'mean of all values in the range',
  (window, _, notes) =>
    window.histogramCount > 0 ? combineWindow(window, meanHistogram, notes) : meanOf(window.samples()),
  { takesHistograms: true },
);
