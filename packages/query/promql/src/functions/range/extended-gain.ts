import { extendedSamples } from '../../evaluate/extended-samples.ts';
import type { TimedSample, Window } from '../../evaluate/window.ts';
import { addHistograms, scaleHistogram, subtractHistograms } from '../../histogram/combine.ts';
import { betweenHistograms } from '../../histogram/interpolate.ts';
import type { NativeHistogram } from '../../histogram/native-histogram.ts';
import { histogramNotes } from '../../histogram/notes.ts';
import { isReset } from '../../histogram/reset.ts';
import type { WindowNotes } from '../definition.ts';

/** How samples of one kind are reckoned with. */
interface Arithmetic<Sample> {
  between(first: Sample, second: Sample, part: number): Sample | undefined;
  isReset(current: Sample, previous: Sample): boolean;
  /** left + sign * right */
  add(left: Sample, right: Sample, sign: 1 | -1): Sample | undefined;
}

interface Timed<Sample> {
  readonly time: number;
  readonly value: Sample;
}

/**
 * What a counter or gauge gained between the borders of an `anchored` or `smoothed` window: no extrapolation; the value
 * at a border is that of the sample before it, or (smoothed) lies between its neighbours.
 */
export function extendedGain(
  window: Window,
  isCounter: boolean,
  notes: WindowNotes,
  divisor: number,
): number | NativeHistogram | undefined {
  const samples = extendedSamples(window);
  if (!reachesInto(window, samples)) return undefined;
  const numbers = samples.filter(isNumber);
  if (numbers.length === samples.length) {
    const gain = gainOf(window, numbers, numberArithmetic(isCounter));
    return gain === undefined ? undefined : gain / divisor;
  }
  if (numbers.length > 0) {
    notes.warn(histogramNotes.mixedWithFloats(window.metric));
    return undefined;
  }
  return histogramGainOf(window, samples.filter(isHistogram), isCounter, notes, divisor);
}

/** Samples on one side of the window only say nothing about what happened in it. */
function reachesInto(window: Window, samples: readonly TimedSample[]): boolean {
  const [first, last] = [samples[0], samples.at(-1)];
  return (
    first !== undefined && last !== undefined && first.time <= window.endMs && last.time > window.startMs
  );
}

function isNumber(sample: TimedSample): sample is Timed<number> {
  return typeof sample.value === 'number';
}

function isHistogram(sample: TimedSample): sample is Timed<NativeHistogram> {
  return typeof sample.value !== 'number';
}

function histogramGainOf(
  window: Window,
  samples: readonly Timed<NativeHistogram>[],
  isCounter: boolean,
  notes: WindowNotes,
  divisor: number,
): NativeHistogram | undefined {
  const gauges = samples.map(({ value }) => value.resetHint === 'gauge');
  if (isCounter && gauges.includes(true)) notes.warn(histogramNotes.notCounter(window.metric));
  if (!isCounter && !(gauges[0] && gauges.at(-1))) notes.warn(histogramNotes.notGauge(window.metric));
  const gain = gainOf(window, samples, histogramArithmetic(isCounter));
  if (gain === undefined) {
    notes.warn(histogramNotes.mixedSchemas(window.metric));
    return undefined;
  }
  return { ...scaleHistogram(gain, 1 / divisor), resetHint: 'gauge' };
}

/** Right less left, plus what was there at each reset that the borders' values do not know of already. */
function gainOf<Sample>(
  window: Window,
  given: readonly Timed<Sample>[],
  arithmetic: Arithmetic<Sample>,
): Sample | undefined {
  const samples = upToEnd(window, given);
  const [left, right] = [leftOf(window, samples, arithmetic), rightOf(window, samples, arithmetic)];
  if (left === undefined || right === undefined) return undefined;
  const startsBetween = window.mode === 'smoothed' && (samples[0]?.time ?? 0) < window.startMs;
  let gain = arithmetic.add(right, left, -1);
  for (const [index, { value }] of samples.entries()) {
    const previous = samples[index - 1]?.value;
    if (previous === undefined || (index === 1 && startsBetween)) continue;
    if (gain !== undefined && arithmetic.isReset(value, previous)) gain = arithmetic.add(gain, previous, 1);
  }
  return gain;
}

/** A sample on the window's end is its value there; what comes after does not matter then. */
function upToEnd<Sample>(window: Window, samples: readonly Timed<Sample>[]): readonly Timed<Sample>[] {
  return samples.some(({ time }) => time === window.endMs)
    ? samples.filter(({ time }) => time <= window.endMs)
    : samples;
}

function leftOf<Sample>(
  window: Window,
  [first, second]: readonly Timed<Sample>[],
  arithmetic: Arithmetic<Sample>,
): Sample | undefined {
  if (first === undefined || second === undefined) return first?.value;
  if (window.mode !== 'smoothed' || first.time >= window.startMs) return first.value;
  return between(first, second, window.startMs, arithmetic);
}

function rightOf<Sample>(
  window: Window,
  samples: readonly Timed<Sample>[],
  arithmetic: Arithmetic<Sample>,
): Sample | undefined {
  const [previous, last] = [samples.at(-2), samples.at(-1)];
  if (last === undefined || previous === undefined || last.time <= window.endMs) return last?.value;
  return between(previous, last, window.endMs, arithmetic);
}

function between<Sample>(
  first: Timed<Sample>,
  second: Timed<Sample>,
  time: number,
  arithmetic: Arithmetic<Sample>,
): Sample | undefined {
  const part = (time - first.time) / (second.time - first.time);
  return arithmetic.between(first.value, second.value, part);
}

function numberArithmetic(isCounter: boolean): Arithmetic<number> {
  const fell = (current: number, previous: number) => isCounter && current < previous;
  return {
    between: (first, second, part) => (fell(second, first) ? second * part : first + (second - first) * part),
    isReset: fell,
    add: (left, right, sign) => left + sign * right,
  };
}

function histogramArithmetic(isCounter: boolean): Arithmetic<NativeHistogram> {
  return {
    between: (first, second, part) => betweenHistograms(first, second, part, isCounter)?.histogram,
    isReset: (current, previous) => isCounter && isReset(current, previous),
    add: (left, right, sign) => (sign === 1 ? addHistograms : subtractHistograms)(left, right)?.histogram,
  };
}
