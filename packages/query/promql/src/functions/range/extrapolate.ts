import type { Window } from '../../evaluate/window.ts';
import type { WindowNotes } from '../definition.ts';

/**
 * What a counter or gauge gained over its window, extrapolated to the window's borders as Prometheus does: a border
 * is reached when it lies within 1.1 mean sample distances, else half a distance is added; a counter is never
 * extrapolated below zero.
 *
 * @returns `undefined` with fewer than two samples
 */
export function extrapolatedGain(window: Window, isCounter: boolean): number | undefined {
  if (window.isDelta && isCounter) return sumOfDeltas(window);
  if (window.count < 2) return undefined;
  const gain = isCounter ? counterGain(window) : window.lastValue - window.valueAt(window.from);
  return gain * extrapolation(window, gain, isCounter);
}

/** A delta sample already is a gain; the window's gain is their sum, and nothing is missing at the borders. */
function sumOfDeltas(window: Window): number {
  let sum = 0;
  for (let index = window.from; index < window.to; index += 1) sum += window.valueAt(index);
  return sum;
}

/** Last less first, plus what each reset took away. */
function counterGain(window: Window): number {
  const { values, from, to } = window;
  let previous = window.valueAt(from);
  let gain = window.lastValue - previous;
  for (let index = from + 1; index < to; index += 1) {
    const value = values[index] ?? Number.NaN;
    if (value < previous) gain += previous;
    previous = value;
  }
  return gain;
}

function extrapolation(window: Window, gain: number, isCounter: boolean): number {
  const first = window.timeAt(window.from);
  const last = window.timeAt(window.to - 1);
  const sampled = (last - first) / 1000;
  const meanDistance = sampled / (window.count - 1);
  const threshold = meanDistance * 1.1;
  let toStart = (first - window.startMs) / 1000;
  if (toStart >= threshold) toStart = meanDistance / 2;
  if (isCounter) toStart = Math.min(toStart, secondsToZero(window, sampled, gain, toStart));
  let toEnd = (window.endMs - last) / 1000;
  if (toEnd >= threshold) toEnd = meanDistance / 2;
  return (sampled + toStart + toEnd) / sampled;
}

/** How long before its first sample a counter that grew evenly was zero. */
function secondsToZero(window: Window, sampled: number, gain: number, otherwise: number): number {
  const first = window.valueAt(window.from);
  return gain > 0 && first >= 0 ? sampled * (first / gain) : otherwise;
}

const counterSuffixes = ['_total', '_sum', '_count', '_bucket'];

/** Prometheus's hint that a gauge may have been taken for a counter. */
export function inspectCounterName(metric: string, notes: WindowNotes): void {
  if (metric === '' || counterSuffixes.some((suffix) => metric.endsWith(suffix))) return;
  notes.info(
    `metric might not be a counter, name does not end in _total/_sum/_count/_bucket: ${JSON.stringify(metric)}`,
  );
}
