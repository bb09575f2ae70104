import { type FunctionDefinition, overTime } from '../definition.ts';

export const changes: FunctionDefinition = overTime(
  'changes',
  'how often the value changed in the range',
  (window) => {
    let count = 0;
    for (let index = window.from + 1; index < window.to; index += 1) {
      if (!isSame(window.valueAt(index), window.valueAt(index - 1))) count += 1;
    }
    return count;
  },
);

/** NaN after NaN is no change; 0 after -0 neither. */
function isSame(left: number, right: number): boolean {
  return left === right || (Number.isNaN(left) && Number.isNaN(right));
}
