import type { TimedSample, Window } from './window.ts';

/** Numbers and histograms of a window in order of time. Makes an object a sample: for windows with histograms only. */
export function samplesInOrder(window: Window): readonly TimedSample[] {
  const times = window.histogramTimes();
  const histograms = window.histograms().map((value, index) => ({ time: times[index] ?? 0, value }));
  const numbers = Array.from({ length: window.count }, (_, place) => ({
    time: window.timeAt(window.from + place),
    value: window.valueAt(window.from + place),
  }));
  return [...numbers, ...histograms].sort((left, right) => left.time - right.time);
}
