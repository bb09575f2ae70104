import { type FunctionDefinition, overTime } from '../definition.ts';

export const minOverTime: FunctionDefinition = overTime(
  'min_over_time',
  'least value in the range; NaN only when there is nothing else',
  (window) => {
    let least = window.valueAt(window.from);
    for (let index = window.from + 1; index < window.to; index += 1) {
      const value = window.valueAt(index);
      if (value < least || Number.isNaN(least)) least = value;
    }
    return least;
  },
);
