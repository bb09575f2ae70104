import { type FunctionDefinition, overTime } from '../definition.ts';
import { extrapolatedGain, inspectCounterName } from './extrapolate.ts';

export const rate: FunctionDefinition = overTime(
  'rate',
  'growth of a counter per second, averaged over the range; resets are made up for',
  (window) => {
    const gain = extrapolatedGain(window, true);
    return gain === undefined ? undefined : gain / window.rangeSeconds;
  },
  { inspect: inspectCounterName },
);
