import type { RangeSeries, Windows } from '../../evaluate/values.ts';
import type { NumberSteps } from '../definition.ts';

/**
 * What `extrapolatedGain` gives, for all windows of a series of numbers at once. Both ends of the window move along the
 * samples; a reset is looked for once a sample and not once a window.
 *
 * @returns how many steps have a value
 */
export function numberGains(isCounter: boolean, perSecond: boolean): RunNumbers {
  return ({ times, values }, { firstEndMs, stepMs, rangeMs }, steps) => {
    const divisor = perSecond ? rangeMs / 1000 : 1;
    const count = times.length;
    let found = 0;
    let from = 0;
    let to = 0;
    let lastReset = 0;
    let borders: Borders | undefined;
    for (let step = 0; step < steps.values.length; step += 1) {
      const endMs = firstEndMs + step * stepMs;
      const startMs = endMs - rangeMs;
      while (to < count && (times[to] ?? 0) <= endMs) {
        if (isCounter && to > 0 && (values[to] ?? 0) < (values[to - 1] ?? 0)) lastReset = to;
        to += 1;
      }
      while (from < to && (times[from] ?? 0) <= startMs) from += 1;
      if (to - from < 2) continue;
      const [firstMs, lastMs] = [times[from] ?? 0, times[to - 1] ?? 0];
      if (
        borders === undefined ||
        !liesSo(borders, firstMs - startMs, lastMs - firstMs, endMs - lastMs, to - from)
      )
        borders = bordersOf(firstMs - startMs, lastMs - firstMs, endMs - lastMs, to - from);
      const first = values[from] ?? Number.NaN;
      const gained = (values[to - 1] ?? Number.NaN) - first;
      const gain = lastReset > from ? withResets(gained, values, from, to) : gained;
      steps.values[step] = (gain * factorOf(borders, isCounter, first, gain)) / divisor;
      steps.present[step] = 1;
      found += 1;
    }
    return found;
  };
}

/**
 * How the samples of a window lie between its borders, and what that makes of a gain. Samples come at even distances and so
 * do windows, so most windows of a series are like the one before: what is divided here is divided once, not once a window.
 */
interface Borders {
  readonly beforeMs: number;
  readonly sampledMs: number;
  readonly afterMs: number;
  readonly count: number;
  readonly toStart: number;
  readonly factor: number;
}

function bordersOf(beforeMs: number, sampledMs: number, afterMs: number, count: number): Borders {
  const toStart = toBorder(beforeMs, sampledMs, count);
  const factor = growth(beforeMs, sampledMs, afterMs, count, Number.POSITIVE_INFINITY);
  return { beforeMs, sampledMs, afterMs, count, toStart, factor };
}

function liesSo(
  known: Borders,
  beforeMs: number,
  sampledMs: number,
  afterMs: number,
  count: number,
): boolean {
  return (
    known.beforeMs === beforeMs &&
    known.sampledMs === sampledMs &&
    known.afterMs === afterMs &&
    known.count === count
  );
}

/** A counter that began inside the window is not carried beyond its zero. Most are far from it, which needs no division. */
function factorOf(borders: Borders, isCounter: boolean, first: number, gain: number): number {
  const { beforeMs, sampledMs, afterMs, count, toStart, factor } = borders;
  if (!isCounter || !(gain > 0) || !(first >= 0)) return factor;
  if (first * (sampledMs / 1000) > 2 * toStart * gain) return factor;
  return growth(beforeMs, sampledMs, afterMs, count, first / gain);
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
