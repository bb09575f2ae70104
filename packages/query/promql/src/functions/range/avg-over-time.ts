import { type FunctionDefinition, overTime } from '../definition.ts';
import { meanOf } from '../kahan.ts';

export const avgOverTime: FunctionDefinition = overTime(
  'avg_over_time',
  'mean of all values in the range',
  (window) => meanOf(window.samples()),
);
