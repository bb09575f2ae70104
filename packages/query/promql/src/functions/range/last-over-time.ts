import { type FunctionDefinition, overTime } from '../definition.ts';

export const lastOverTime: FunctionDefinition = overTime(
  'last_over_time',
  'last value in the range; keeps the name',
  (window) => window.lastValue,
  { keepsName: true },
);
