import { type FunctionDefinition, overTime } from '../definition.ts';
import { lastTwo } from './instant-difference.ts';

export const idelta: FunctionDefinition = overTime(
  'idelta',
  'difference of a gauge between the last two samples of the range',
  (window) => {
    const two = lastTwo(window);
    return two === undefined ? undefined : two.last - two.previous;
  },
);
