import { type FunctionDefinition, overTime } from '../definition.ts';
import { firstSample } from './end-samples.ts';

export const firstOverTime: FunctionDefinition = overTime(
  'first_over_time',
  'first value in the range; keeps the name',
  (window) => firstSample(window)?.value,
  { keepsName: true, takesHistograms: true, isExperimental: true },
);
