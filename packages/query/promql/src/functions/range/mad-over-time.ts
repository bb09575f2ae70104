import { type FunctionDefinition, overTime } from '../definition.ts';
import { quantileOf } from '../quantile.ts';

export const madOverTime: FunctionDefinition = overTime(
  'mad_over_time',
  'median absolute deviation of the values in the range',
  (window) => {
    const samples = window.samples();
    if (samples.some(Number.isNaN)) return Number.NaN;
    const median = quantileOf(0.5, samples);
    return quantileOf(
      0.5,
      samples.map((value) => Math.abs(value - median)),
    );
  },
  { isExperimental: true },
);
