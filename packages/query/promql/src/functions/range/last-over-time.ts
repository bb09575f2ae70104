import { type FunctionDefinition, overTime } from '../definition.ts';
import { lastSample } from './end-samples.ts';

export const lastOverTime: FunctionDefinition = overTime(
  'last_over_time',
  'last value in the range; keeps the name',
  (window) => lastSample(window)?.value,
  { keepsName: true, takesHistograms: true },
);
