import type { Window } from '../../evaluate/window.ts';
import { addHistograms, scaleHistogram } from '../../histogram/combine.ts';
import { sumHistograms } from '../../histogram/fold.ts';
import type { NativeHistogram } from '../../histogram/native-histogram.ts';
import { histogramNotes } from '../../histogram/notes.ts';
import type { WindowNotes } from '../definition.ts';
import { combineWindow } from './combine-histograms.ts';
import { extendedGain } from './extended-gain.ts';
import { histogramGain } from './histogram-gain.ts';
import { growth, toBorder } from './number-gains.ts';
import { neighboursOf, overlapText, startsAnew, startsOverlap, zeroTime } from './start-resets.ts';

/**
 * What a counter or gauge gained over its window, extrapolated to the window's borders as Prometheus does: a border
 * is reached when it lies within 1.1 mean sample distances, else half a distance is added; a counter is never
 * extrapolated below zero.
 *
 * @param perSecond whether the gain is divided by the window's length
 * @returns `undefined` with fewer than two samples, or (with a warning) where numbers and histograms meet
 */
export function extrapolatedGain(
  window: Window,
  isCounter: boolean,
  notes: WindowNotes,
  perSecond = false,
): number | NativeHistogram | undefined {
  const divisor = perSecond ? window.rangeSeconds : 1;
  if (window.mode !== undefined) return extendedGain(window, isCounter, notes, divisor);
  if (window.histogramCount > 0) {
    if (window.count === 0) return extrapolatedHistogram(window, isCounter, notes, divisor);
    notes.warn(histogramNotes.mixedWithFloats(window.metric));
    return undefined;
  }
  if (window.isDelta && isCounter) return sumOfDeltas(window) / divisor;
  const first = window.valueAt(window.from);
  const firstMs = window.timeAt(window.from);
  const zeroMs = isCounter ? zeroTime(window, firstMs, window.starts?.[window.from] ?? 0) : undefined;
  if (window.count < 2 && zeroMs === undefined) return undefined;
  if (isCounter) noteOverlaps(window, notes);
  const gained = isCounter ? counterGain(window) : window.lastValue - first;
  const gain = zeroMs === undefined ? gained : gained + first;
  const span: SampledSpan = {
    firstMs,
    zeroMs,
    lastMs: window.timeAt(window.to - 1),
    count: window.count,
    toZero: isCounter && gain > 0 && first >= 0 ? first / gain : Number.POSITIVE_INFINITY,
  };
  return gain * (extrapolation(window, span) / divisor);
}

function extrapolatedHistogram(
  window: Window,
  isCounter: boolean,
  notes: WindowNotes,
  divisor: number,
): NativeHistogram | undefined {
  if (window.isDelta && isCounter) {
    const sum = combineWindow(window, sumHistograms, notes);
    return sum && scaleHistogram(sum, 1 / divisor);
  }
  const times = window.histogramTimes();
  const [first] = window.histograms();
  const zeroMs = isCounter ? zeroTime(window, times[0] ?? 0, window.histogramStarts()?.[0] ?? 0) : undefined;
  const gained = histogramGain(window, isCounter, notes, zeroMs !== undefined);
  if (gained === undefined || first === undefined) return undefined;
  const gain = zeroMs === undefined ? gained : (addHistograms(gained, first)?.histogram ?? gained);
  const firstCount = first.count;
  const span: SampledSpan = {
    firstMs: times[0] ?? 0,
    zeroMs,
    lastMs: times.at(-1) ?? 0,
    count: times.length,
    toZero:
      isCounter && gain.count > 0 && firstCount >= 0 ? firstCount / gain.count : Number.POSITIVE_INFINITY,
  };
  return scaleHistogram(gain, extrapolation(window, span) / divisor);
}

/** A delta sample already is a gain; the window's gain is their sum, and nothing is missing at the borders. */
function sumOfDeltas(window: Window): number {
  let sum = 0;
  for (let index = window.from; index < window.to; index += 1) sum += window.valueAt(index);
  return sum;
}

/** Last less first, plus what each reset took away. */
function counterGain(window: Window): number {
  const { times, values, starts, from, to } = window;
  let previous = window.valueAt(from);
  let gain = window.lastValue - previous;
  for (let index = from + 1; index < to; index += 1) {
    const value = values[index] ?? Number.NaN;
    if (value < previous || (starts !== undefined && startsAnew(neighboursOf(times, starts, index)))) {
      gain += previous;
    }
    previous = value;
  }
  return gain;
}

function noteOverlaps({ times, starts, from, to, metric }: Window, notes: WindowNotes): void {
  if (starts === undefined) return;
  for (let index = from + 1; index < to; index += 1) {
    if (startsOverlap(neighboursOf(times, starts, index))) notes.warn(overlapText(metric));
  }
}

interface SampledSpan {
  readonly firstMs: number;
  readonly lastMs: number;
  /** When the counter is known to have been zero, inside the window before its first sample. */
  readonly zeroMs: number | undefined;
  readonly count: number;
  /** How far before its first sample a counter that grew evenly was zero, as a part of the span; infinite for a gauge. */
  readonly toZero: number;
}

function extrapolation(window: Window, { firstMs, lastMs, zeroMs, count, toZero }: SampledSpan): number {
  const [beforeMs, sampledMs, afterMs] = [firstMs - window.startMs, lastMs - firstMs, window.endMs - lastMs];
  if (zeroMs === undefined) return growth(beforeMs, sampledMs, afterMs, count, toZero);
  return 1 + toBorder(afterMs, sampledMs, count) / ((lastMs - zeroMs) / 1000);
}

const counterSuffixes = ['_total', '_sum', '_count', '_bucket'];

/** Prometheus's hint that a gauge may have been taken for a counter. */
export function inspectCounterName(metric: string, notes: WindowNotes): void {
  if (metric === '' || counterSuffixes.some((suffix) => metric.endsWith(suffix))) return;
  notes.info(
    `metric might not be a counter, name does not end in _total/_sum/_count/_bucket: ${JSON.stringify(metric)}`,
  );
}
