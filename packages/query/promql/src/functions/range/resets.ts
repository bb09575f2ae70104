import { type FunctionDefinition, overTime } from '../definition.ts';

export const resets: FunctionDefinition = overTime(
  'resets',
  'how often a counter fell in the range',
  (window) => {
    let count = 0;
    for (let index = window.from + 1; index < window.to; index += 1) {
      if (window.valueAt(index) < window.valueAt(index - 1)) count += 1;
    }
    return count;
  },
);
