/**
 * The samples of one series in one window. One object serves all windows of a series and moves along: none is made a
 * step, so functions must not keep it.
 */
export class Window {
  readonly times: Float64Array;
  readonly values: Float64Array;
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

  constructor(times: Float64Array, values: Float64Array, isDelta: boolean) {
    this.times = times;
    this.values = values;
    this.isDelta = isDelta;
  }

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
    this.startMs = startMs;
    this.endMs = endMs;
  }
}
