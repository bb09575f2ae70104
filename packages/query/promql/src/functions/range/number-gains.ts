import type { RangeSeries, Windows } from '../../evaluate/values.ts';
import type { NumberSteps } from '../definition.ts';

/**
 * What `extrapolatedGain` gives, for all windows of a series of numbers at once. Both ends of the window move along the
 * samples; resets are looked for once a sample and not once a window. Samples come at even distances and windows do, so most
 * windows of a series lie on their samples as the one before: what that makes of a gain is divided once. All of it stands in
 * variables of one loop: as functions and objects it took twice as long.
 *
 * @returns how many steps have a value
 */
export function numberGains(isCounter: boolean, perSecond: boolean): RunNumbers {
  return ({ times, values }, { firstEndMs, stepMs, rangeMs }, steps) => {
    const divisor = perSecond ? rangeMs / 1000 : 1;
    const count = times.length;
    const resets = isCounter ? resetsOf(values) : none;
    let found = 0;
    let from = 0;
    let to = 0;
    let passed = 0;
    // How the samples of the window before lie between its borders, and the factor of that.
    let [knownBeforeMs, knownSampledMs, knownAfterMs, knownCount, factor, toStart] = [-1, -1, -1, -1, 0, 0];
    for (let step = 0; step < steps.values.length; step += 1) {
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
        toStart = toBorder(beforeMs, sampledMs, samples);
        factor = growth(beforeMs, sampledMs, afterMs, samples, Number.POSITIVE_INFINITY);
      }
      const first = values[from] ?? Number.NaN;
      let gain = (values[to - 1] ?? Number.NaN) - first;
      if (resets.length > 0) {
        while (passed < resets.length && (resets[passed] ?? 0) < to) passed += 1;
        if (passed > 0 && (resets[passed - 1] ?? 0) > from) gain = withResets(gain, values, from, to);
      }
      const isNearZero =
        isCounter && gain > 0 && first >= 0 && !(first * (sampledMs / 1000) > 2 * toStart * gain);
      const carried = isNearZero ? growth(beforeMs, sampledMs, afterMs, samples, first / gain) : factor;
      steps.values[step] = (gain * carried) / divisor;
      steps.present[step] = 1;
      found += 1;
    }
    return found;
  };
}

const none: readonly number[] = [];

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

type RunNumbers = (series: RangeSeries, windows: Windows, steps: NumberSteps) => number;

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
