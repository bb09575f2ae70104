import { type FunctionDefinition, overTime } from '../definition.ts';
import { varianceOf } from '../variance.ts';

export const stddevOverTime: FunctionDefinition = overTime(
  'stddev_over_time',
  'population standard deviation of the values in the range',
  (window) => Math.sqrt(varianceOf(window.samples())),
);
