import { eachSample, type FunctionDefinition } from '../definition.ts';

export const round: FunctionDefinition = eachSample(
  'round',
  'rounded to the nearest multiple of a number, 1 by default; halves go up',
  (value, [nearest = 1]) => {
    // By the inverse, as Prometheus does: 5.25 to 0.1 gives 5.3, where dividing by 0.1 gives 5.300000000000001.
    const inverse = 1 / nearest;
    return Math.floor(value * inverse + 0.5) / inverse;
  },
  { parameters: ['vector', 'scalar'], optionalCount: 1 },
);
