import { type FunctionDefinition, overTime } from '../definition.ts';
import { fitLine } from './regression.ts';

export const predictLinear: FunctionDefinition = overTime(
  'predict_linear',
  'value of a gauge in so many seconds by linear regression over the range',
  (window, [seconds = 0]) => {
    if (window.count < 2) return undefined;
    const line = fitLine(window, window.stepMs);
    return line.slope * seconds + line.intercept;
  },
  { parameters: ['matrix', 'scalar'] },
);
