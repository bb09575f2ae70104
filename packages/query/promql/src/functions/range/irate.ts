import { type FunctionDefinition, overTime } from '../definition.ts';
import { inspectCounterName } from './extrapolate.ts';
import { lastTwo } from './instant-difference.ts';

export const irate: FunctionDefinition = overTime(
  'irate',
  'growth of a counter per second between the last two samples of the range',
  (window) => {
    const two = lastTwo(window);
    if (two === undefined) return undefined;
    const isWholeGain = window.isDelta || two.last < two.previous;
    return (isWholeGain ? two.last : two.last - two.previous) / two.seconds;
  },
  { inspect: inspectCounterName },
);
