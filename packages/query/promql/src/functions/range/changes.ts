import { equalHistograms } from '../../histogram/combine.ts';
import { type FunctionDefinition, overTime } from '../definition.ts';
import { countNeighbours } from './count-neighbours.ts';

export const changes: FunctionDefinition = overTime(
  'changes',
  'how often the value changed in the range',
  (window) =>
    countNeighbours(window, {
      numbers: (current, previous) => !isSame(current, previous),
      histograms: (current, previous) => !equalHistograms(current, previous),
    }),
  { takesHistograms: true },
);

/** NaN after NaN is no change; 0 after -0 neither. */
function isSame(left: number, right: number): boolean {
  return left === right || (Number.isNaN(left) && Number.isNaN(right));
}
