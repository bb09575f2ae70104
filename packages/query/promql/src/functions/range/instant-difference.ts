import { samplesInOrder } from '../../evaluate/samples-in-order.ts';
import type { Window } from '../../evaluate/window.ts';
import { divideHistogram, subtractHistograms } from '../../histogram/combine.ts';
import type { NativeHistogram } from '../../histogram/native-histogram.ts';
import { histogramNotes } from '../../histogram/notes.ts';
import { isReset } from '../../histogram/reset.ts';
import type { WindowNotes } from '../definition.ts';
import { withStartHints } from './histogram-gain.ts';

/** The last two samples of a window. */
export interface LastTwo {
  readonly previous: number;
  readonly last: number;
  readonly seconds: number;
}

/** The last two samples, or `undefined` when there are fewer. */
export function lastTwo(window: Window): LastTwo | undefined {
  if (window.count < 2) return undefined;
  return {
    previous: window.valueAt(window.to - 2),
    last: window.lastValue,
    seconds: (window.timeAt(window.to - 1) - window.timeAt(window.to - 2)) / 1000,
  };
}

/**
 * What the last two samples differ by, where at least one in the window is a histogram.
 *
 * @returns `undefined` with fewer than two samples, or (with a warning) where these two do not go together
 */
export function lastHistogramDifference(
  window: Window,
  isCounter: boolean,
  notes: WindowNotes,
): number | NativeHistogram | undefined {
  const [previous, last] = samplesInOrder(window).slice(-2);
  if (previous === undefined || last === undefined) return undefined;
  const seconds = isCounter ? (last.time - previous.time) / 1000 : 1;
  const [before, after] = [previous.value, last.value];
  if (typeof before === 'number' && typeof after === 'number') {
    return (isCounter && after < before ? after : after - before) / seconds;
  }
  if (typeof before === 'number' || typeof after === 'number') {
    notes.warn(histogramNotes.mixedWithFloats(window.metric));
    return undefined;
  }
  const difference = subtract(window, before, after, isCounter, notes);
  return difference && divideHistogram(difference, seconds);
}

function subtract(
  window: Window,
  before: NativeHistogram,
  after: NativeHistogram,
  isCounter: boolean,
  notes: WindowNotes,
): NativeHistogram | undefined {
  const gauges = [before, after].filter(({ resetHint }) => resetHint === 'gauge').length;
  if (isCounter && gauges > 0) notes.warn(histogramNotes.notCounter(window.metric));
  if (!isCounter && gauges < 2) notes.warn(histogramNotes.notGauge(window.metric));
  if (isCounter && (isReset(after, before) || withStartHints(window).at(-1)?.resetHint === 'reset'))
    return { ...after, resetHint: 'gauge' };
  const combined = subtractHistograms(after, before);
  if (combined === undefined) notes.warn(histogramNotes.mixedSchemas(window.metric));
  if (combined?.wasReconciled === true) notes.info(histogramNotes.reconciled('subtraction'));
  return combined && { ...combined.histogram, resetHint: 'gauge' };
}
