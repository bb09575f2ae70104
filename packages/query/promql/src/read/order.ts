import type { Labels } from '@maru/query-core';
import type { SampleShape } from '@maru/store';
import type { NativeHistogram } from '../histogram/native-histogram.ts';
import type { RawSeries } from './raw-series.ts';
import { withResetHints } from './reset-hints.ts';

/** Samples of one series as they were found: in any order, a time perhaps more than once. */
export interface UnorderedSamples {
  readonly labels: Labels;
  /** `labels` without what names the metric, when that is at hand. */
  readonly nameless?: Labels | undefined;
  readonly times: Float64Array;
  readonly values: Float64Array;
  /** Whether it is known that times are in order, none twice. */
  readonly isAscending?: boolean;
  /** What is known of all samples together. */
  readonly shape?: SampleShape | undefined;
  /** Empty when no sample has a flag. */
  readonly flags: Uint8Array;
  readonly isDelta: boolean;
  /** When each sample's counter began, in milliseconds, 0 where it is not known; absent unless asked for. */
  readonly starts?: Float64Array | undefined;
  /** Beside `values`: the sample is this native histogram. */
  readonly histograms?: readonly (NativeHistogram | undefined)[] | undefined;
}

/** Bit 0 of OTLP's data point flags: no recorded value. */
const noRecordedValue = 1;

/** The samples in order of time; of those with the same time the last one counts. */
export function ordered(samples: UnorderedSamples): RawSeries {
  const { labels, nameless, isDelta } = samples;
  const sorted = samples.isAscending || isStrictlyAscending(samples.times) ? samples : sortSamples(samples);
  const { times, values, flags, histograms, starts } = sorted;
  const stale = staleMarks(flags);
  return {
    labels,
    nameless,
    isDelta,
    times,
    values,
    shape: sorted === samples ? samples.shape : undefined,
    stale,
    starts,
    histograms: histograms && withResetHints(histograms, stale, isDelta),
  };
}

/** Samples of several stored series that are one series to Prometheus (they differ in scope only, say). */
export function merged(parts: readonly UnorderedSamples[]): RawSeries {
  const [first] = parts;
  if (first === undefined) throw new RangeError('nothing to merge');
  if (parts.length === 1) return ordered(first);
  return ordered({
    labels: first.labels,
    isDelta: first.isDelta,
    times: concatenate(parts.map((part) => part.times)),
    values: concatenate(parts.map((part) => part.values)),
    flags: Uint8Array.from(parts.flatMap((part) => [...allFlags(part)])),
    starts: parts.some((part) => part.starts)
      ? concatenate(parts.map((part) => part.starts ?? new Float64Array(part.times.length)))
      : undefined,
    histograms: parts.some((part) => part.histograms) ? parts.flatMap(allHistograms) : undefined,
  });
}

/** The samples in arrays of their own, so that they do not keep the memory of all that was read with them. */
export function copied(samples: UnorderedSamples): UnorderedSamples {
  const { times, values, flags, starts } = samples;
  return {
    ...samples,
    times: times.slice(),
    values: values.slice(),
    flags: flags.slice(),
    starts: starts?.slice(),
  };
}

function allFlags({ flags, times }: UnorderedSamples): Uint8Array {
  return flags.length === 0 ? new Uint8Array(times.length) : flags;
}

function allHistograms({ histograms, times }: UnorderedSamples): readonly (NativeHistogram | undefined)[] {
  return histograms ?? new Array<NativeHistogram | undefined>(times.length).fill(undefined);
}

function concatenate(parts: readonly Float64Array[]): Float64Array {
  const whole = new Float64Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

function isStrictlyAscending(times: Float64Array): boolean {
  for (let index = 1; index < times.length; index += 1) {
    if (!((times[index] ?? 0) > (times[index - 1] ?? 0))) return false;
  }
  return true;
}

type Arrays = Pick<UnorderedSamples, 'times' | 'values' | 'flags' | 'histograms' | 'starts'>;

function sortSamples({ times, values, flags, histograms, starts }: Arrays): Arrays {
  const order = Uint32Array.from(times.keys()).sort(
    (left, right) => (times[left] ?? 0) - (times[right] ?? 0) || left - right,
  );
  const kept = order.filter((index, place) => times[index] !== times[order[place + 1] ?? -1]);
  return {
    times: Float64Array.from(kept, (index) => times[index] ?? 0),
    values: Float64Array.from(kept, (index) => values[index] ?? Number.NaN),
    flags: flags.length === 0 ? flags : Uint8Array.from(kept, (index) => flags[index] ?? 0),
    starts: starts && Float64Array.from(kept, (index) => starts[index] ?? 0),
    histograms: histograms && Array.from(kept, (index) => histograms[index]),
  };
}

function staleMarks(flags: Uint8Array): Uint8Array | undefined {
  if (!flags.some((flag) => (flag & noRecordedValue) !== 0)) return undefined;
  return flags.map((flag) => flag & noRecordedValue);
}
