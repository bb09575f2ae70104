import { type FunctionDefinition, overTime } from '../definition.ts';
import { extrapolatedGain, inspectCounterName } from './extrapolate.ts';

export const increase: FunctionDefinition = overTime(
  'increase',
  'growth of a counter over the range; resets are made up for',
  (window) => extrapolatedGain(window, true),
  { inspect: inspectCounterName },
);
