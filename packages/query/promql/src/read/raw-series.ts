import type { Labels } from '@maru/query-core';
import type { SampleShape } from '@maru/store';
import type { NativeHistogram } from '../histogram/native-histogram.ts';

/** Samples of one series as they were stored: in order of time, no time twice. */
export interface RawSeries {
  readonly labels: Labels;
  /** `labels` without what names the metric, when that is at hand. */
  readonly nameless?: Labels | undefined;
  /** Milliseconds since 1970. */
  readonly times: Float64Array;
  readonly values: Float64Array;
  /** What is known of all samples together. */
  readonly shape?: SampleShape | undefined;
  /** 1 where the sample only says that the series has ended; `undefined` when none does. */
  readonly stale: Uint8Array | undefined;
  readonly isDelta: boolean;
  /** When each sample's counter began, in milliseconds, 0 where it is not known; absent unless asked for. */
  readonly starts?: Float64Array | undefined;
  /** Beside `values`: the sample is this native histogram, and its value means nothing. */
  readonly histograms?: readonly (NativeHistogram | undefined)[] | undefined;
}
