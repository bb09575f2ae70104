import type { Labels } from '@maru/query-core';
import type { Columns } from '@maru/store';
import { byteLists, floatLists, floats, lists } from './columns.ts';
import type { NamedPart } from './named-parts.ts';
import type { UnorderedSamples } from './order.ts';
import type { ReadPoints, StoredPoints } from './points.ts';

/** Gives the samples of one part of the points of a series. */
export type SamplesOfPart = (points: StoredPoints, part: NamedPart, isDelta: boolean) => UnorderedSamples;

/** Histograms: counts, sums, and buckets added up to cumulative ones. A point without a sum has no `_sum` sample. */
export function histogramSamples({ columns }: ReadPoints): SamplesOfPart {
  const counts = floatLists(columns.column('counts'));
  const sums = floatLists(columns.column('sums'));
  const hasSums = byteLists(columns.column('hasSums'));
  const bucketsOf = nestedFloats(columns, 'buckets');
  return (points, part, isDelta) => {
    if (part.part === 'count') return samples(points, part.labels, counts(points.row), isDelta);
    if (part.part === 'sum') {
      return onlyWhere(hasSums(points.row), samples(points, part.labels, sums(points.row), isDelta));
    }
    const totals = counts(points.row);
    const buckets = bucketsOf(points.row);
    const cumulative = totals.map((total, index) => countUpTo(buckets(index), part.index, total));
    return samples(points, part.labels, cumulative, isDelta);
  };
}

/** The bucket up to +Inf holds all observations, also those of a point that came without buckets. */
function countUpTo(buckets: Float64Array, last: number, total: number): number {
  if (last >= buckets.length - 1) return total;
  let count = 0;
  for (let index = 0; index <= last; index += 1) count += buckets[index] ?? 0;
  return count;
}

/** Summaries: counts, sums, and the value of one quantile. */
export function summarySamples({ columns }: ReadPoints): SamplesOfPart {
  const counts = floatLists(columns.column('counts'));
  const sums = floatLists(columns.column('sums'));
  const valuesOf = nestedFloats(columns, 'quantileValues');
  return (points, part, isDelta) => {
    if (part.part === 'count') return samples(points, part.labels, counts(points.row), isDelta);
    if (part.part === 'sum') return samples(points, part.labels, sums(points.row), isDelta);
    const values = valuesOf(points.row);
    const chosen = points.times.map((_, index) => values(index)[part.index] ?? Number.NaN);
    return samples(points, part.labels, chosen, isDelta);
  };
}

/** The quantiles of a summary's series: those of its first point that has any. */
export function quantilesOf({ columns }: ReadPoints, points: StoredPoints): readonly number[] {
  const quantiles = nestedFloats(columns, 'quantiles')(points.row);
  for (let index = 0; index < points.times.length; index += 1) {
    const found = quantiles(index);
    if (found.length > 0) return [...found];
  }
  return [];
}

/** Arrays of arrays of floats: the inner array of a row and a place in it, as a view. */
export function nestedFloats(
  columns: Columns,
  name: string,
): (row: number) => (index: number) => Float64Array {
  const outer = lists(columns.column(name));
  const inner = lists(outer.items);
  const values = floats(inner.items);
  return (row) => {
    const base = outer.start(row);
    return (index) => values.subarray(inner.start(base + index), inner.start(base + index + 1));
  };
}

function samples(
  points: StoredPoints,
  labels: Labels,
  values: Float64Array,
  isDelta: boolean,
): UnorderedSamples {
  const { times, flags, starts } = points;
  return { labels, times, values, flags, isDelta, starts };
}

function onlyWhere(marks: Uint8Array, given: UnorderedSamples): UnorderedSamples {
  if (marks.every((mark) => mark === 1)) return given;
  const isKept = (_: number, index: number) => marks[index] === 1;
  return {
    ...given,
    times: given.times.filter(isKept),
    values: given.values.filter(isKept),
    flags: given.flags.filter(isKept),
    starts: given.starts?.filter(isKept),
  };
}
