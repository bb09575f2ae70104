import { type FunctionDefinition, overTime } from '../definition.ts';
import { extrapolatedGain } from './extrapolate.ts';
import { numberGains } from './number-gains.ts';

export const delta: FunctionDefinition = overTime(
  'delta',
  'difference of a gauge between the start and the end of the range',
  (window, _, notes) => extrapolatedGain(window, false, notes),
  { takesHistograms: true, runNumbers: numberGains(false, false) },
);
