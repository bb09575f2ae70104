import { type FunctionDefinition, overTime } from '../definition.ts';

export const firstOverTime: FunctionDefinition = overTime(
  'first_over_time',
  'first value in the range; keeps the name',
  (window) => window.valueAt(window.from),
  { keepsName: true, isExperimental: true },
);
