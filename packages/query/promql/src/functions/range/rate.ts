import { type FunctionDefinition, overTime } from '../definition.ts';
import { extrapolatedGain, inspectCounterName } from './extrapolate.ts';
import { numberGains } from './number-gains.ts';

export const rate: FunctionDefinition = overTime(
  'rate',
  'growth of a counter per second, averaged over the range; resets are made up for',
  (window, _, notes) => extrapolatedGain(window, true, notes, true),
  { takesHistograms: true, runNumbers: numberGains(true, true), inspect: inspectCounterName },
);
