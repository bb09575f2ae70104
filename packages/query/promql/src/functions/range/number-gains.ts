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
function alignedGains(run: Run, { firstStep, endStep, stride, ...place }: Alignment): number {
  const { windows, steps } = run;
  let { from, to } = place;
  if (to - from < 2) return 0;
  const gains = new WindowGains(run);
  gains.lieAt(from, to, windows.firstEndMs + firstStep * windows.stepMs);
  for (let step = firstStep; step < endStep; step += 1) {
    steps.values[step] = gains.between(from, to);
    from += stride;
    to += stride;
  }
  steps.present.fill(1, firstStep, endStep);
  return endStep - firstStep;
}

/** The gains of windows wherever they lie. */
function movingGains(run: Run, firstStep: number, endStep: number): number {
  const { firstEndMs, stepMs, rangeMs } = run.windows;
  const { steps } = run;
  const { times } = run.series;
  const gains = new WindowGains(run);
  let found = 0;
  let from = 0;
  let to = 0;
  for (let step = firstStep; step < endStep; step += 1) {
    const endMs = firstEndMs + step * stepMs;
    const startMs = endMs - rangeMs;
    while (to < times.length && (times[to] ?? 0) <= endMs) to += 1;
    while (from < to && (times[from] ?? 0) <= startMs) from += 1;
    if (to - from < 2) continue;
    gains.lieAt(from, to, endMs);
    steps.values[step] = gains.between(from, to);
    steps.present[step] = 1;
    found += 1;
  }
  return found;
}

/**
 * The gain of one window after another. What the place of a window makes of its gain is divided once for those that follow and
 * lie alike on their samples.
 */
class WindowGains {
  readonly #run: Run;
  #beforeMs = -1;
  #sampledMs = -1;
  #afterMs = -1;
  #samples = -1;
  #factor = 0;
  #nearZero = 0;
  /** How many resets lie before the window's end. */
  #passed = 0;

  constructor(run: Run) {
    this.#run = run;
  }

  /** Looks how a window lies on its samples, `from` up to `to`, at least two. */
  lieAt(from: number, to: number, endMs: number): void {
    const { series, windows, divisor } = this.#run;
    const firstMs = series.times[from] ?? 0;
    const lastMs = series.times[to - 1] ?? 0;
    const beforeMs = firstMs - (endMs - windows.rangeMs);
    const sampledMs = lastMs - firstMs;
    const afterMs = endMs - lastMs;
    const samples = to - from;
    if (
      beforeMs === this.#beforeMs &&
      sampledMs === this.#sampledMs &&
      afterMs === this.#afterMs &&
      samples === this.#samples
    )
      return;
    this.#beforeMs = beforeMs;
    this.#sampledMs = sampledMs;
    this.#afterMs = afterMs;
    this.#samples = samples;
    this.#factor = growth(beforeMs, sampledMs, afterMs, samples, Number.POSITIVE_INFINITY) / divisor;
    // Twice what it takes, since a product in doubles is not exact.
    this.#nearZero = (2 * toBorder(beforeMs, sampledMs, samples)) / (sampledMs / 1000);
  }

  /** The gain of a window that lies as was last looked; windows come in their order. */
  between(from: number, to: number): number {
    const { series, resets, isCounter } = this.#run;
    const { values } = series;
    const first = values[from] ?? Number.NaN;
    let gain = (values[to - 1] ?? Number.NaN) - first;
    if (resets.length > 0 && this.#holdsReset(from, to)) gain = withResets(gain, values, from, to);
    const mayComeFromZero = isCounter && gain > 0 && first >= 0 && first <= this.#nearZero * gain;
    return gain * (mayComeFromZero ? this.#factorFromZero(first / gain) : this.#factor);
  }

  #holdsReset(from: number, to: number): boolean {
    const { resets } = this.#run;
    while (this.#passed < resets.length && (resets[this.#passed] ?? 0) < to) this.#passed += 1;
    return this.#passed > 0 && (resets[this.#passed - 1] ?? 0) > from;
  }

  /** A counter that would have been zero within the window is carried to there at most. */
  #factorFromZero(toZero: number): number {
    return growth(this.#beforeMs, this.#sampledMs, this.#afterMs, this.#samples, toZero) / this.#run.divisor;
  }
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
