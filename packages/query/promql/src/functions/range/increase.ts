import { type FunctionDefinition, overTime } from '../definition.ts';
import { extrapolatedGain, inspectCounterName } from './extrapolate.ts';
import { numberGains } from './number-gains.ts';

export const increase: FunctionDefinition = overTime(
  'increase',
  'growth of a counter over the range; resets are made up for',
  (window, _, notes) => extrapolatedGain(window, true, notes),
  { takesHistograms: true, runNumbers: numberGains(true, false), inspect: inspectCounterName },
);
