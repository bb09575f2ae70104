import type { RangeSeries, Windows } from '../../evaluate/values.ts';
import type { NumberSteps } from '../definition.ts';
import { type Alignment, alignmentOf } from './alignment.ts';

/**
 * What `extrapolatedGain` gives, for all windows of a series of numbers at once. Where samples come at even distances, of
 * which the step is a multiple, all windows that lie inside of the series lie on it alike: two values are read and one factor is
 * multiplied for each. Else both ends of the window move along the samples. Resets are looked for once a sample and not
 * once a window.
 *
 * @returns how many steps have a value
 */
export function numberGains(isCounter: boolean, perSecond: boolean): RunNumbers {
  return (series, windows, steps) => {
    const run: Run = {
      isCounter,
      divisor: perSecond ? windows.rangeMs / 1000 : 1,
      series,
      resets: isCounter && series.shape?.neverFalls !== true ? resetsOf(series.values) : none,
      windows,
      steps,
    };
    const count = steps.values.length;
    const alignment = alignmentOf(series, windows, count);
    if (alignment === undefined) return movingGains(run, 0, count);
    const { firstStep, endStep } = alignment;
    return movingGains(run, 0, firstStep) + alignedGains(run, alignment) + movingGains(run, endStep, count);
  };
}

type RunNumbers = (series: RangeSeries, windows: Windows, steps: NumberSteps) => number;

/** The windows of one series. */
interface Run {
  readonly isCounter: boolean;
  /** Seconds by which a gain is divided; 1 for none. */
  readonly divisor: number;
  readonly series: RangeSeries;
  /** The places of samples that are less than the one before. */
  readonly resets: readonly number[];
  readonly windows: Windows;
  readonly steps: NumberSteps;
}

const none: readonly number[] = [];

/** The gains of windows that all lie on their samples as the first one does. */
function alignedGains(
  { isCounter, divisor, series: { times, values }, resets, windows, steps }: Run,
  { firstStep, endStep, stride, ...place }: Alignment,
): number {
  let { from, to } = place;
  const samples = to - from;
  if (samples < 2) return 0;
  const endMs = windows.firstEndMs + firstStep * windows.stepMs;
  const [firstMs, lastMs] = [times[from] ?? 0, times[to - 1] ?? 0];
  const beforeMs = firstMs - (endMs - windows.rangeMs);
  const sampledMs = lastMs - firstMs;
  const afterMs = endMs - lastMs;
  const nearZero = nearZeroOf(beforeMs, sampledMs, samples);
  const factor = growth(beforeMs, sampledMs, afterMs, samples, Number.POSITIVE_INFINITY) / divisor;
  let passed = 0;
  for (let step = firstStep; step < endStep; step += 1) {
    const first = values[from] ?? Number.NaN;
    let gain = (values[to - 1] ?? Number.NaN) - first;
    if (resets.length > 0) {
      while (passed < resets.length && (resets[passed] ?? 0) < to) passed += 1;
      if (passed > 0 && (resets[passed - 1] ?? 0) > from) gain = withResets(gain, values, from, to);
    }
    const isNearZero = isCounter && gain > 0 && first >= 0 && first <= nearZero * gain;
    const carried = isNearZero
      ? growth(beforeMs, sampledMs, afterMs, samples, first / gain) / divisor
      : factor;
    steps.values[step] = gain * carried;
    from += stride;
    to += stride;
  }
  steps.present.fill(1, firstStep, endStep);
  return endStep - firstStep;
}

/**
 * The gains of windows wherever they lie. What the place of a window makes of its gain is divided once for those that
 * follow and lie alike. All of it stands in variables of one loop: as functions and objects it took twice as long.
 */
function movingGains(
  { isCounter, divisor, series: { times, values }, resets, windows, steps }: Run,
  firstStep: number,
  endStep: number,
): number {
  const { firstEndMs, stepMs, rangeMs } = windows;
  const count = times.length;
  let found = 0;
  let from = 0;
  let to = 0;
  let passed = 0;
  let [knownBeforeMs, knownSampledMs, knownAfterMs, knownCount, factor, nearZero] = [-1, -1, -1, -1, 0, 0];
  for (let step = firstStep; step < endStep; step += 1) {
    const endMs = firstEndMs + step * stepMs;
    const startMs = endMs - rangeMs;
    while (to < count && (times[to] ?? 0) <= endMs) to += 1;
    while (from < to && (times[from] ?? 0) <= startMs) from += 1;
    const samples = to - from;
    if (samples < 2) continue;
    const firstMs = times[from] ?? 0;
    const lastMs = times[to - 1] ?? 0;
    const beforeMs = firstMs - startMs;
    const sampledMs = lastMs - firstMs;
    const afterMs = endMs - lastMs;
    if (
      beforeMs !== knownBeforeMs ||
      sampledMs !== knownSampledMs ||
      afterMs !== knownAfterMs ||
      samples !== knownCount
    ) {
      knownBeforeMs = beforeMs;
      knownSampledMs = sampledMs;
      knownAfterMs = afterMs;
      knownCount = samples;
      nearZero = nearZeroOf(beforeMs, sampledMs, samples);
      factor = growth(beforeMs, sampledMs, afterMs, samples, Number.POSITIVE_INFINITY) / divisor;
    }
    const first = values[from] ?? Number.NaN;
    let gain = (values[to - 1] ?? Number.NaN) - first;
    if (resets.length > 0) {
      while (passed < resets.length && (resets[passed] ?? 0) < to) passed += 1;
      if (passed > 0 && (resets[passed - 1] ?? 0) > from) gain = withResets(gain, values, from, to);
    }
    const isNearZero = isCounter && gain > 0 && first >= 0 && first <= nearZero * gain;
    const carried = isNearZero
      ? growth(beforeMs, sampledMs, afterMs, samples, first / gain) / divisor
      : factor;
    steps.values[step] = gain * carried;
    steps.present[step] = 1;
    found += 1;
  }
  return found;
}

/**
 * A counter whose first value is at most so many times its gain may have been zero within the window, so that it is
 * carried to there at most. Twice what it takes, since a product in doubles is not exact.
 */
function nearZeroOf(beforeMs: number, sampledMs: number, samples: number): number {
  return (2 * toBorder(beforeMs, sampledMs, samples)) / (sampledMs / 1000);
}

/** The places of samples that are less than the one before. */
function resetsOf(values: Float64Array): readonly number[] {
  const resets: number[] = [];
  let previous = values[0] ?? 0;
  for (let index = 1; index < values.length; index += 1) {
    const value = values[index] ?? 0;
    if (value < previous) resets.push(index);
    previous = value;
  }
  return resets;
}

/** The gain with what each reset took away. */
function withResets(gained: number, values: Float64Array, from: number, to: number): number {
  let gain = gained;
  for (let index = from + 1; index < to; index += 1) {
    const previous = values[index - 1] ?? 0;
    if ((values[index] ?? 0) < previous) gain += previous;
  }
  return gain;
}

/**
 * The factor that carries a gain from its samples to the window's borders.
 *
 * @param beforeMs from the window's start to the first sample
 * @param sampledMs from the first sample to the last
 * @param afterMs from the last sample to the window's end
 * @param toZero how far before its first sample the counter was zero, as a part of what was sampled
 */
export function growth(
  beforeMs: number,
  sampledMs: number,
  afterMs: number,
  count: number,
  toZero: number,
): number {
  const sampled = sampledMs / 1000;
  const toStart = Math.min(toBorder(beforeMs, sampledMs, count), sampled * toZero);
  return (sampled + toStart + toBorder(afterMs, sampledMs, count)) / sampled;
}

/** Seconds to add at a border: up to it when it lies within 1.1 mean sample distances, else half a distance. */
export function toBorder(distanceMs: number, sampledMs: number, count: number): number {
  const meanDistance = count === 1 ? 0 : sampledMs / 1000 / (count - 1);
  const distance = distanceMs / 1000;
  return distance >= meanDistance * 1.1 ? meanDistance / 2 : distance;
}
