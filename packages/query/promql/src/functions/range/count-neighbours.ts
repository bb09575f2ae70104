import { extendedSamples } from '../../evaluate/extended-samples.ts';
import { samplesInOrder } from '../../evaluate/samples-in-order.ts';
import type { Window } from '../../evaluate/window.ts';
import type { NativeHistogram } from '../../histogram/native-histogram.ts';

/** Says of two neighbouring samples whether they count. */
export interface NeighbourTest {
  readonly numbers: (current: number, previous: number) => boolean;
  readonly histograms: (current: NativeHistogram, previous: NativeHistogram) => boolean;
}

/** How many neighbouring samples of a window pass; a number beside a histogram always does. */
export function countNeighbours(window: Window, test: NeighbourTest): number {
  return window.histogramCount > 0 || window.mode !== undefined
    ? countMixed(window, test)
    : countNumbers(window, test);
}

function countNumbers(window: Window, { numbers }: NeighbourTest): number {
  let count = 0;
  for (let index = window.from + 1; index < window.to; index += 1) {
    if (numbers(window.valueAt(index), window.valueAt(index - 1))) count += 1;
  }
  return count;
}

function countMixed(window: Window, { numbers, histograms }: NeighbourTest): number {
  const samples = window.mode === undefined ? samplesInOrder(window) : extendedSamples(window);
  const values = samples.map(({ value }) => value);
  return values.filter((current, index) => {
    const previous = values[index - 1];
    if (previous === undefined) return false;
    if (typeof current === 'number') return typeof previous !== 'number' || numbers(current, previous);
    return typeof previous === 'number' || histograms(current, previous);
  }).length;
}
