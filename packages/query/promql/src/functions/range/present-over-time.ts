import { type FunctionDefinition, overTime } from '../definition.ts';

export const presentOverTime: FunctionDefinition = overTime(
  'present_over_time',
  '1 for each series with a sample in the range',
  () => 1,
  { takesHistograms: true },
);
