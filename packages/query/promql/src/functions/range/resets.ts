import { isReset } from '../../histogram/reset.ts';
import { type FunctionDefinition, overTime } from '../definition.ts';
import { countNeighbours } from './count-neighbours.ts';

export const resets: FunctionDefinition = overTime(
  'resets',
  'how often a counter fell in the range',
  (window) =>
    countNeighbours(window, { numbers: (current, previous) => current < previous, histograms: isReset }),
  { takesHistograms: true },
);
