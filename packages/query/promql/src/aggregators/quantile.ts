import { quantileOf, quantileWarning } from '../functions/quantile.ts';
import { type Aggregator, perStep } from './definition.ts';

export const quantile: Aggregator = perStep(
  'quantile',
  'quantile (0 to 1) of the values',
  (values, parameter) => quantileOf(parameter, values),
  ({ parameters, notes, parameterSpan }) => {
    for (const parameter of parameters) {
      const warning = quantileWarning(parameter);
      if (warning !== undefined) notes.warn(parameterSpan, warning);
    }
  },
);
