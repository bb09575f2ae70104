import { type FunctionDefinition, overTime } from '../definition.ts';
import { quantileOf, quantileWarning } from '../quantile.ts';

export const quantileOverTime: FunctionDefinition = overTime(
  'quantile_over_time',
  'quantile (0 to 1) of the values in the range',
  (window, [quantile = Number.NaN], notes) => {
    const warning = quantileWarning(quantile);
    if (warning !== undefined) notes.warn(warning);
    return quantileOf(quantile, window.samples());
  },
  { parameters: ['scalar', 'matrix'] },
);
