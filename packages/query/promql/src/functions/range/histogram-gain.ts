import type { Window } from '../../evaluate/window.ts';
import { addHistograms, type Combined, subtractHistograms } from '../../histogram/combine.ts';
import { emptyHistogram, isCustom, type NativeHistogram } from '../../histogram/native-histogram.ts';
import { type HistogramOperation, histogramNotes } from '../../histogram/notes.ts';
import { isReset } from '../../histogram/reset.ts';
import type { WindowNotes } from '../definition.ts';
import { neighboursOf, startsAnew } from './start-resets.ts';

/**
 * What a histogram gained over its window, not extrapolated: last less first, plus what each reset took away from a
 * counter.
 *
 * @returns `undefined` with fewer than two histograms, or (with a warning) where exponential and custom ones meet
 */
export function histogramGain(
  window: Window,
  isCounter: boolean,
  notes: WindowNotes,
  isFirstEnough = false,
): NativeHistogram | undefined {
  const samples = isCounter ? withStartHints(window) : window.histograms();
  const [first] = samples;
  const last = samples.at(-1);
  if (first === undefined || last === undefined || (samples.length < 2 && !isFirstEnough)) return undefined;
  noteKinds(window, samples, isCounter, notes);
  const start = isCounter ? countedStart(samples) : first;
  const looked = isCounter ? samples.slice(1) : [last];
  const gained = looked.every((one) => isCustom(one) === isCustom(start))
    ? subtract(last, start, isCounter ? samples : [], notes)
    : undefined;
  if (gained === undefined) {
    notes.warn(histogramNotes.mixedSchemas(window.metric));
    return undefined;
  }
  return { ...gained, resetHint: 'gauge' };
}

/** The histograms of a window, those marked as reset that start times show to be. */
export function withStartHints(window: Window): readonly NativeHistogram[] {
  const starts = window.histogramStarts();
  const samples = window.histograms();
  if (starts === undefined) return samples;
  const times = window.histogramTimes();
  return samples.map((sample, index) =>
    index > 0 && startsAnew(neighboursOf(times, starts, index)) ? { ...sample, resetHint: 'reset' } : sample,
  );
}

function noteKinds(
  window: Window,
  samples: readonly NativeHistogram[],
  isCounter: boolean,
  notes: WindowNotes,
): void {
  const isGauge = (histogram: NativeHistogram | undefined) => histogram?.resetHint === 'gauge';
  if (isCounter && samples.some(isGauge)) notes.warn(histogramNotes.notCounter(window.metric));
  if (!isCounter && !(isGauge(samples[0]) && isGauge(samples.at(-1)))) {
    notes.warn(histogramNotes.notGauge(window.metric));
  }
}

/** After a reset between the first two samples the first one does not matter, nor does its layout. */
function countedStart([first, second]: readonly NativeHistogram[]): NativeHistogram {
  if (first === undefined || second === undefined) return first ?? emptyHistogram;
  if (!isReset(second, first)) return first;
  const { schema, customBounds, zeroThreshold } = second;
  return { ...emptyHistogram, schema, customBounds, zeroThreshold };
}

function subtract(
  last: NativeHistogram,
  start: NativeHistogram,
  counter: readonly NativeHistogram[],
  notes: WindowNotes,
): NativeHistogram | undefined {
  let total = noted(subtractHistograms(last, start), 'subtraction', notes);
  let previous = start;
  for (const current of counter.slice(1)) {
    if (total !== undefined && isReset(current, previous)) {
      total = noted(addHistograms(total, previous), 'addition', notes);
    }
    previous = current;
  }
  return total;
}

function noted(
  combined: Combined | undefined,
  operation: HistogramOperation,
  notes: WindowNotes,
): NativeHistogram | undefined {
  if (combined?.wasReconciled === true) notes.info(histogramNotes.reconciled(operation));
  return combined?.histogram;
}
