import type { Labels } from '@maru/query-core';
import type { SampleShape } from '@maru/store';
import type { NativeHistogram } from '../histogram/native-histogram.ts';

/** The moments at which an expression is evaluated: `startMs + i * stepMs` for i below `count`. */
export interface StepGrid {
  readonly startMs: number;
  readonly stepMs: number;
  readonly count: number;
}

/** What an expression gives, at every step of its grid at once. */
export type Value = ScalarValue | StringValue | VectorValue | MatrixValue;

/** One number a step. */
export interface ScalarValue {
  readonly kind: 'scalar';
  readonly values: Float64Array;
}

export interface StringValue {
  readonly kind: 'string';
  readonly value: string;
}

/** An instant vector a step, kept by series. Series that are nowhere present may be left out. */
export interface VectorValue {
  readonly kind: 'vector';
  readonly series: readonly StepSeries[];
}

/** One series over the steps of a grid. Arrays belong to the value and are not changed once it is made. */
export interface StepSeries {
  readonly labels: Labels;
  /** Whether the metric's name falls from the end result (delayed name removal). */
  readonly dropName: boolean;
  /** One number a step; what stands where `present` is 0 means nothing. */
  readonly values: Float64Array;
  /** 1 where the series has a number. A byte beside the number, as NaN is a value too. */
  readonly present: Uint8Array;
  /** Where the sample is a native histogram; `present` is 0 there. Hardly any series has both, most have none. */
  readonly histograms?: StepHistograms | undefined;
}

/** A histogram a step, or none. */
export type StepHistograms = readonly (NativeHistogram | undefined)[];

/** No histogram at any step, to be filled in. */
export function emptySteps(count: number): (NativeHistogram | undefined)[] {
  return new Array<NativeHistogram | undefined>(count).fill(undefined);
}

/** Whether the series has a sample at a step, number or histogram. */
export function isPresent({ present, histograms }: StepSeries, step: number): boolean {
  return present[step] === 1 || histograms?.[step] !== undefined;
}

/** A range vector: whole series, and the window of each step. */
export interface MatrixValue {
  readonly kind: 'matrix';
  readonly series: readonly RangeSeries[];
  readonly windows: Windows;
}

/** Samples of one series in order of time, without stale markers. */
export interface RangeSeries {
  readonly labels: Labels;
  /** `labels` without what names the metric, when that is at hand. */
  readonly nameless?: Labels | undefined;
  readonly dropName: boolean;
  /** Milliseconds since 1970. */
  readonly times: Float64Array;
  readonly values: Float64Array;
  /** What is known of all samples together. */
  readonly shape?: SampleShape | undefined;
  /** Whether each sample is the growth since the one before (OTLP delta temporality), not a running total. */
  readonly isDelta: boolean;
  /** When each number's counter began, in milliseconds, 0 where it is not known. */
  readonly starts?: Float64Array | undefined;
  /** Samples that are native histograms; not among `times` and `values`. */
  readonly histograms?: RangeHistograms | undefined;
}

/** Histograms of one series in order of time. */
export interface RangeHistograms {
  readonly times: Float64Array;
  readonly samples: readonly NativeHistogram[];
  readonly starts?: Float64Array | undefined;
}

/** The window of step i: later than its end less `rangeMs`, up to and with `firstEndMs + i * stepMs`. */
export interface Windows {
  readonly firstEndMs: number;
  /** 0 when `@` fixes the window in time. */
  readonly stepMs: number;
  readonly rangeMs: number;
  /** Whether samples around the window count too, and how far around; see `Window`. */
  readonly extension?: WindowExtension | undefined;
}

/** `anchored` or `smoothed`: the samples next to the window count, up to a look-back away. */
export interface WindowExtension {
  readonly mode: 'anchored' | 'smoothed';
  readonly lookbackMs: number;
}

/** The time of a step. */
export function stepTime(grid: StepGrid, step: number): number {
  return grid.startMs + step * grid.stepMs;
}

/** The last step's time. */
export function gridEnd(grid: StepGrid): number {
  return stepTime(grid, grid.count - 1);
}

/** How many samples a value holds, as the budget counts them. */
export function sizeOf(value: Value): number {
  if (value.kind === 'scalar') return value.values.length;
  if (value.kind === 'vector') {
    return value.series.reduce(
      (sum, { values, histograms }) => sum + values.length + weightOf(histograms),
      0,
    );
  }
  if (value.kind === 'matrix') {
    return value.series.reduce(
      (sum, { times, histograms }) => sum + times.length + weightOf(histograms?.samples),
      0,
    );
  }
  return 0;
}

/** Native histograms in samples of 16 bytes, as Prometheus weighs them: what all have, and half a sample a bucket. */
function weightOf(histograms: StepHistograms | undefined): number {
  if (histograms === undefined) return 0;
  return histograms.reduce((sum, histogram) => {
    if (histogram === undefined) return sum;
    const { positive, negative } = histogram;
    return sum + 10 + (positive.indexes.length + negative.indexes.length) / 2;
  }, 0);
}
