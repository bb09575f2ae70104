import { type FunctionDefinition, overTime } from '../definition.ts';
import { KahanSum } from '../kahan.ts';

export const sumOverTime: FunctionDefinition = overTime(
  'sum_over_time',
  'sum of all values in the range',
  (window) => {
    const sum = new KahanSum();
    for (let index = window.from; index < window.to; index += 1) sum.add(window.valueAt(index));
    return sum.total;
  },
);
