import { type FunctionDefinition, overTime } from '../definition.ts';
import { fitLine } from './regression.ts';

export const deriv: FunctionDefinition = overTime(
  'deriv',
  'change of a gauge per second by linear regression over the range',
  // The intercept's time does not matter for the slope; the first sample's keeps the numbers small.
  (window) => (window.count < 2 ? undefined : fitLine(window, window.timeAt(window.from)).slope),
);
