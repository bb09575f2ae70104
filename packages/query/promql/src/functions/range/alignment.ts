import type { RangeSeries, Windows } from '../../evaluate/values.ts';

/**
 * Windows that all lie alike on samples at even distances: that of step `firstStep` holds the samples `from` up to `to`, and
 * each later one, up to `endStep`, those `stride` further.
 */
export interface Alignment {
  readonly firstStep: number;
  readonly endStep: number;
  readonly from: number;
  readonly to: number;
  readonly stride: number;
}

/**
 * The steps whose windows lie wholly inside of a series whose samples are evenly apart, if the step is a multiple of their
 * distance; most are so where samples come by scraping.
 */
export function alignmentOf(
  { times, shape }: Pick<RangeSeries, 'times' | 'shape'>,
  { firstEndMs, stepMs, rangeMs }: Windows,
  stepCount: number,
): Alignment | undefined {
  const firstMs = times[0] ?? 0;
  const distanceMs = shape?.distanceMs ?? (times[1] ?? 0) - firstMs;
  const stride = stepMs / distanceMs;
  if (times.length < 3 || !(stride >= 1) || !Number.isInteger(stride)) return undefined;
  if (shape?.distanceMs === undefined && !areEvenlyApart(times, distanceMs)) return undefined;
  // Of the first step's window, as if there were samples before the first and after the last one.
  const from = Math.floor((firstEndMs - rangeMs - firstMs) / distanceMs) + 1;
  const to = Math.floor((firstEndMs - firstMs) / distanceMs) + 1;
  const firstStep = Math.max(0, Math.ceil(-from / stride));
  const endStep = Math.min(stepCount, Math.floor((times.length - to) / stride) + 1);
  if (endStep <= firstStep) return undefined;
  return { firstStep, endStep, from: from + firstStep * stride, to: to + firstStep * stride, stride };
}

function areEvenlyApart(times: Float64Array, distanceMs: number): boolean {
  let previous = times[0] ?? 0;
  for (let index = 1; index < times.length; index += 1) {
    const time = times[index] ?? 0;
    if (time - previous !== distanceMs) return false;
    previous = time;
  }
  return true;
}
