import { samplesInOrder } from '../../evaluate/samples-in-order.ts';
import type { TimedSample, Window } from '../../evaluate/window.ts';

/** The first sample of a window, number or histogram. */
export function firstSample(window: Window): TimedSample | undefined {
  if (window.histogramCount > 0) return samplesInOrder(window)[0];
  return sampleAt(window, window.from);
}

/** The last sample of a window, number or histogram. */
export function lastSample(window: Window): TimedSample | undefined {
  if (window.histogramCount > 0) return samplesInOrder(window).at(-1);
  return sampleAt(window, window.to - 1);
}

function sampleAt(window: Window, index: number): TimedSample {
  return { time: window.timeAt(index), value: window.valueAt(index) };
}
