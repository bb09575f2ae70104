import { type FunctionDefinition, overTime } from '../definition.ts';

export const maxOverTime: FunctionDefinition = overTime(
  'max_over_time',
  'greatest value in the range; NaN only when there is nothing else',
  (window) => {
    let greatest = window.valueAt(window.from);
    for (let index = window.from + 1; index < window.to; index += 1) {
      const value = window.valueAt(index);
      if (value > greatest || Number.isNaN(greatest)) greatest = value;
    }
    return greatest;
  },
);
