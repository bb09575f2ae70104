import { type FunctionDefinition, overTime } from '../definition.ts';
import { varianceOf } from '../variance.ts';

export const stdvarOverTime: FunctionDefinition = overTime(
  'stdvar_over_time',
  'population variance of the values in the range',
  (window) => varianceOf(window.samples()),
);
