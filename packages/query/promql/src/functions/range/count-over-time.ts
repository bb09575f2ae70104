import { type FunctionDefinition, overTime } from '../definition.ts';

export const countOverTime: FunctionDefinition = overTime(
  'count_over_time',
  'number of samples in the range',
  (window) => window.count + window.histogramCount,
  { takesHistograms: true },
);
