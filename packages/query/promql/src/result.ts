import { compareLabels, type Labels, noLabels } from '@maru/query-core';
import { mergeSameLabels, nameless } from './evaluate/names.ts';
import type { CollectedNotes } from './evaluate/notes.ts';
import {
  type MatrixValue,
  type RangeHistograms,
  type StepGrid,
  type StepHistograms,
  type StepSeries,
  stepTime,
  type Value,
} from './evaluate/values.ts';

/** The answer to a query. Times are milliseconds since 1970. */
export interface QueryResult extends CollectedNotes {
  readonly value: ResultValue;
}

export type ResultValue =
  | { readonly type: 'scalar'; readonly timeMs: number; readonly value: number }
  | { readonly type: 'string'; readonly timeMs: number; readonly value: string }
  /** One sample a series, in the order that the expression gives. */
  | { readonly type: 'vector'; readonly series: readonly ResultSeries[] }
  /** Sorted by labels. */
  | { readonly type: 'matrix'; readonly series: readonly ResultSeries[] };

/** At least one sample, in order of time. */
export interface ResultSeries {
  readonly labels: Labels;
  readonly times: Float64Array;
  readonly values: Float64Array;
  /** Samples that are native histograms; not among `times` and `values`. */
  readonly histograms?: RangeHistograms | undefined;
}

/** The result of an instant query, whose grid has the one step. */
export function instantResult(value: Value, grid: StepGrid): ResultValue {
  const timeMs = grid.startMs;
  switch (value.kind) {
    case 'scalar':
      return { type: 'scalar', timeMs, value: value.values[0] ?? Number.NaN };
    case 'string':
      return { type: 'string', timeMs, value: value.value };
    case 'vector':
      return { type: 'vector', series: seriesOf(value.series, grid) };
    case 'matrix':
      return { type: 'matrix', series: windowSeries(value) };
  }
}

/** The result of a range query. */
export function rangeResult(value: Value, grid: StepGrid): ResultValue {
  if (value.kind === 'vector') return { type: 'matrix', series: sorted(seriesOf(value.series, grid)) };
  if (value.kind !== 'scalar') throw new TypeError(`a ${value.kind} was not refused as a range query`);
  return { type: 'matrix', series: [{ labels: noLabels, times: gridTimes(grid), values: value.values }] };
}

function seriesOf(series: readonly StepSeries[], grid: StepGrid): readonly ResultSeries[] {
  const times = gridTimes(grid);
  const named = series.map((one) => (one.dropName ? { ...one, labels: nameless(one.labels) } : one));
  return mergeSameLabels(named).flatMap((one) => samplesOf(one, times));
}

function gridTimes(grid: StepGrid): Float64Array {
  return Float64Array.from({ length: grid.count }, (_, step) => stepTime(grid, step));
}

/** A series that is there at every step shares the grid's times and its own values; most are. */
function samplesOf(series: StepSeries, times: Float64Array): readonly ResultSeries[] {
  const { labels, values, present } = series;
  const count = countPresent(present);
  if (series.histograms !== undefined) return mixedSamples(series, series.histograms, times);
  if (count === 0) return [];
  if (count === times.length) return [{ labels, times, values }];
  const result = { labels, times: new Float64Array(count), values: new Float64Array(count) };
  let next = 0;
  for (let step = 0; step < times.length; step += 1) {
    if (present[step] === 0) continue;
    result.times[next] = times[step] ?? Number.NaN;
    result.values[next] = values[step] ?? Number.NaN;
    next += 1;
  }
  return [result];
}

function mixedSamples(
  { labels, values, present }: StepSeries,
  histograms: StepHistograms,
  times: Float64Array,
): readonly ResultSeries[] {
  const isNumber = (_: number, step: number) => present[step] === 1;
  const found: RangeHistograms = {
    times: times.filter((_, step) => histograms[step] !== undefined),
    samples: histograms.filter((one) => one !== undefined),
  };
  const numbers = { times: times.filter(isNumber), values: values.filter(isNumber) };
  if (numbers.times.length + found.times.length === 0) return [];
  return [{ labels, ...numbers, histograms: found.times.length > 0 ? found : undefined }];
}

function countPresent(present: Uint8Array): number {
  let count = 0;
  for (let step = 0; step < present.length; step += 1) count += present[step] ?? 0;
  return count;
}

function windowSeries({ series, windows }: MatrixValue): readonly ResultSeries[] {
  const inside = (time: number) => time > windows.firstEndMs - windows.rangeMs && time <= windows.firstEndMs;
  const found = series.flatMap(({ labels, dropName, times, values, histograms }) => {
    const kept = [...times.keys()].filter((index) => inside(times[index] ?? 0));
    const isKept = (_: unknown, index: number) => inside(histograms?.times[index] ?? 0);
    const keptHistograms = histograms && {
      times: histograms.times.filter(isKept),
      samples: histograms.samples.filter(isKept),
    };
    if (kept.length === 0 && (keptHistograms?.times.length ?? 0) === 0) return [];
    return [
      {
        labels: dropName ? nameless(labels) : labels,
        times: Float64Array.from(kept, (index) => times[index] ?? 0),
        values: Float64Array.from(kept, (index) => values[index] ?? Number.NaN),
        histograms: keptHistograms?.times.length === 0 ? undefined : keptHistograms,
      },
    ];
  });
  return sorted(found);
}

function sorted(series: readonly ResultSeries[]): readonly ResultSeries[] {
  return series.toSorted((left, right) => compareLabels(left.labels, right.labels));
}
