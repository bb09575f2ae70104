import type { Window } from '../../evaluate/window.ts';

/** Two neighbouring samples of a counter by time and start time, in milliseconds; a start of 0 is not known. */
interface Neighbours {
  readonly time: number;
  readonly start: number;
  readonly previousTime: number;
  readonly previousStart: number;
}

/**
 * Whether start times say that a counter began anew between two samples, whatever its values say: it started after the
 * sample before, or (delta temporality) just at it. A first sample of unknown start says nothing: OTLP's cumulative
 * points of unknown start look like that.
 */
export function startsAnew({ time, start, previousTime, previousStart }: Neighbours): boolean {
  if (start === 0 || start >= time || start < previousTime) return false;
  return start > previousTime || (previousStart !== 0 && previousStart < previousTime);
}

/** Whether a sample claims a time that belongs to the one before. */
export function startsOverlap({ start, previousTime, previousStart }: Neighbours): boolean {
  return start !== 0 && start < previousTime && start !== previousStart;
}

/** Neighbouring numbers (or histograms) of a window by the second one's place in the series. */
export function neighboursOf(times: Float64Array, starts: Float64Array, index: number): Neighbours {
  return {
    time: times[index] ?? 0,
    start: starts[index] ?? 0,
    previousTime: times[index - 1] ?? 0,
    previousStart: starts[index - 1] ?? 0,
  };
}

/** The first sample's start time when it lies inside the window before it: the counter was zero then. */
export function zeroTime(window: Window, time: number, start: number): number | undefined {
  return start !== 0 && start > window.startMs && start < time ? start : undefined;
}

export const overlapText = (metric: string): string =>
  `sample has start time that overlaps with previous sample timestamp for metric ${JSON.stringify(metric)}`;
