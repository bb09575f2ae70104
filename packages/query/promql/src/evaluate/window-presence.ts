import type { RangeSeries, Windows } from './values.ts';

/** Whether a series has a sample in the window of a step, by binary search. */
export function windowHasSample(series: RangeSeries, windows: Windows, step: number): boolean {
  const end = windows.firstEndMs + step * windows.stepMs;
  return [series.times, series.histograms?.times].some((times) => {
    const last = times === undefined ? -1 : lastIndexAtOrBefore(times, end);
    return last >= 0 && (times?.[last] ?? Number.NEGATIVE_INFINITY) > end - windows.rangeMs;
  });
}

/** Index of the last time not after `time`; -1 when all are. */
function lastIndexAtOrBefore(times: Float64Array, time: number): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((times[middle] ?? 0) <= time) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
