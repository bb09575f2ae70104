import { metricName } from '@maru/query-core';
import type { NativeHistogram } from '../histogram/native-histogram.ts';
import type { RangeHistograms, RangeSeries, WindowExtension } from './values.ts';

/** One sample with its time, of whichever kind. */
export interface TimedSample {
  /** Milliseconds. */
  readonly time: number;
  readonly value: number | NativeHistogram;
}

const noHistograms: RangeHistograms = { times: new Float64Array(), samples: [] };

/**
 * The samples of one series in one window. One object serves all windows of a series and moves along: none is made a
 * step, so functions must not keep it.
 */
export class Window {
  readonly times: Float64Array;
  readonly values: Float64Array;
  /** When each number's counter began; absent unless start times count. */
  readonly starts: Float64Array | undefined;
  readonly isDelta: boolean;
  /** Index of the first sample inside. */
  from = 0;
  /** Index after the last sample inside. */
  to = 0;
  /** Milliseconds; the window is open here. */
  startMs = 0;
  /** Milliseconds; the window is closed here. */
  endMs = 0;
  /** The time of the step, which differs from the window's end by offset and `@`. */
  stepMs = 0;

  /** The metric's name, for notes; '' when it has none. */
  readonly metric: string;
  readonly #histograms: RangeHistograms;
  #histogramFrom = 0;
  #histogramTo = 0;

  /** Whether samples around the window count too. */
  readonly mode: WindowExtension['mode'] | undefined;
  readonly #lookbackMs: number;

  constructor(
    { labels, times, values, isDelta, starts, histograms }: RangeSeries,
    extension?: WindowExtension,
  ) {
    this.mode = extension?.mode;
    this.#lookbackMs = extension?.lookbackMs ?? 0;
    this.times = times;
    this.values = values;
    this.isDelta = isDelta;
    this.starts = starts;
    this.metric = labels.get(metricName) ?? '';
    this.#histograms = histograms ?? noHistograms;
  }

  /** Whether no sample at all is inside. */
  get isEmpty(): boolean {
    return this.count === 0 && this.histogramCount === 0;
  }

  get histogramCount(): number {
    return this.#histogramTo - this.#histogramFrom;
  }

  /** The native histograms inside. */
  histograms(): readonly NativeHistogram[] {
    return this.#histograms.samples.slice(this.#histogramFrom, this.#histogramTo);
  }

  /** When the counters of the histograms inside began; absent unless start times count. */
  histogramStarts(): Float64Array | undefined {
    return this.#histograms.starts?.subarray(this.#histogramFrom, this.#histogramTo);
  }

  /** Milliseconds of the histograms inside. */
  histogramTimes(): Float64Array {
    return this.#histograms.times.subarray(this.#histogramFrom, this.#histogramTo);
  }

  /** The last sample at or before the window's start, when it is not too old. */
  sampleBefore(): TimedSample | undefined {
    const time = this.timeAt(this.from - 1);
    const histogramTime = this.#histograms.times[this.#histogramFrom - 1] ?? Number.NaN;
    const isRecent = (moment: number) => moment > this.startMs - this.#lookbackMs;
    const histogram = this.#histograms.samples[this.#histogramFrom - 1];
    if (histogram !== undefined && isRecent(histogramTime) && !(time > histogramTime)) {
      return { time: histogramTime, value: histogram };
    }
    return isRecent(time) ? { time, value: this.valueAt(this.from - 1) } : undefined;
  }

  /** The first sample after the window's end, when it is not too far away. */
  sampleAfter(): TimedSample | undefined {
    const time = this.timeAt(this.to);
    const histogramTime = this.#histograms.times[this.#histogramTo] ?? Number.NaN;
    const isNear = (moment: number) => moment <= this.endMs + this.#lookbackMs;
    const histogram = this.#histograms.samples[this.#histogramTo];
    if (histogram !== undefined && isNear(histogramTime) && !(time < histogramTime)) {
      return { time: histogramTime, value: histogram };
    }
    return isNear(time) ? { time, value: this.valueAt(this.to) } : undefined;
  }

  /** How many numbers are inside. */
  get count(): number {
    return this.to - this.from;
  }

  /** The value of a sample by its index in the series; NaN outside, which no function asks for. */
  valueAt(index: number): number {
    return this.values[index] ?? Number.NaN;
  }

  timeAt(index: number): number {
    return this.times[index] ?? Number.NaN;
  }

  get lastValue(): number {
    return this.valueAt(this.to - 1);
  }

  /** Seconds that the window spans. */
  get rangeSeconds(): number {
    return (this.endMs - this.startMs) / 1000;
  }

  /** The samples inside, as a view without a copy. */
  samples(): Float64Array {
    return this.values.subarray(this.from, this.to);
  }

  /** Moves to the next window; windows of a series come in order of time. */
  moveTo(startMs: number, endMs: number): void {
    while (this.to < this.times.length && this.timeAt(this.to) <= endMs) this.to += 1;
    while (this.from < this.to && this.timeAt(this.from) <= startMs) this.from += 1;
    const { times } = this.#histograms;
    while (this.#histogramTo < times.length && (times[this.#histogramTo] ?? 0) <= endMs)
      this.#histogramTo += 1;
    while (this.#histogramFrom < this.#histogramTo && (times[this.#histogramFrom] ?? 0) <= startMs) {
      this.#histogramFrom += 1;
    }
    this.startMs = startMs;
    this.endMs = endMs;
  }
}
