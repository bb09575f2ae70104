import type { Labels } from '@maru/query-core';
import type { NativeHistogram } from '../histogram/native-histogram.ts';

/** Samples of one series as they were stored: in order of time, no time twice. */
export interface RawSeries {
  readonly labels: Labels;
  /** Milliseconds since 1970. */
  readonly times: Float64Array;
  readonly values: Float64Array;
  /** 1 where the sample only says that the series has ended; `undefined` when none does. */
  readonly stale: Uint8Array | undefined;
  readonly isDelta: boolean;
  /** Beside `values`: the sample is this native histogram, and its value means nothing. */
  readonly histograms?: readonly (NativeHistogram | undefined)[] | undefined;
}
