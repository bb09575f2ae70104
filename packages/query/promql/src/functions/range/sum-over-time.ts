import type { Window } from '../../evaluate/window.ts';
import { sumHistograms } from '../../histogram/fold.ts';
import { type FunctionDefinition, overTime } from '../definition.ts';
import { KahanSum } from '../kahan.ts';
import { combineWindow } from './combine-histograms.ts';

export const sumOverTime: FunctionDefinition = overTime(
  'sum_over_time',
  'sum of all values in the range',
  (window, _, notes) =>
    window.histogramCount > 0 ? combineWindow(window, sumHistograms, notes) : sumOf(window),
  { takesHistograms: true },
);

function sumOf(window: Window): number {
  const sum = new KahanSum();
  for (let index = window.from; index < window.to; index += 1) sum.add(window.valueAt(index));
  return sum.total;
}
