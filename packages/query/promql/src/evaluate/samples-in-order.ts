import type { NativeHistogram } from '../histogram/native-histogram.ts';
import type { Window } from './window.ts';

/** One sample with its time, of whichever kind. */
export interface TimedSample {
  /** Milliseconds. */
  readonly time: number;
  readonly value: number | NativeHistogram;
}

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
