import { type LabelMatcher, metricName } from '@maru/query-core';
import { type Sql, sql } from '@maru/store';
import type { TimeSpan } from './points.ts';
import { seriesCondition } from './series-condition.ts';
import type { SeriesById } from './stored-series.ts';

/**
 * Bytes of result that a slice should have: small beside the memory there is, and large beside what a slice costs more than
 * its samples. Where the table lies in many parts each slice reads the granules at its borders in every one.
 */
const bytesPerSlice = 24 * 1024 * 1024;

/** What a sample takes in a result, as a row and packed. */
const rowBytes = 25;
const packedBytes = 2.5;

/** How far apart samples are taken to lie, which nobody knows before they are read: Prometheus's usual distance. */
const assumedDistanceMs = 15_000;

/** More ids than this in one statement would be longer than the engine parses (256 KiB). */
const maxListedSeries = 2_000;
const maxListedNames = 200;
const maxSlices = 256;

/**
 * The rows of the selected number series, as conditions on `metric_name` and `series_id` that cut them into slices of
 * bounded size. Ids are hashes, so equal spans of ids hold about equally many series. A selector of nothing but a name
 * takes its metric whole, which spares the engine looking each row's id up in a set (a fifth of the read).
 */
export function numberSlices(
  stored: SeriesById,
  matchers: readonly LabelMatcher[],
  span: TimeSpan,
  packedUntilMs: number,
): readonly Sql[] {
  const numbers = [...stored].filter(([, series]) => series.kind === 'number');
  const names = new Set(numbers.map(([, series]) => series.metricName));
  const nameList =
    names.size <= maxListedNames
      ? sql`${[...names]}`
      : sql`(SELECT metric_name FROM metric_series WHERE ${seriesCondition('number', matchers)})`;
  const count = sliceCount(numbers.length, span, packedUntilMs);
  const isWhole = matchers.every(({ name }) => name === metricName) && numbers.length > maxListedSeries / 10;
  const slices = isWhole
    ? idSpans(count)
    : idLists(
        numbers.map(([id]) => id),
        count,
      );
  return slices.map((slice) => sql`metric_name IN ${nameList} AND ${slice}`);
}

function sliceCount(seriesCount: number, span: TimeSpan, packedUntilMs: number): number {
  const slices = Math.ceil(expectedBytes(seriesCount, span, packedUntilMs) / bytesPerSlice);
  return Math.min(maxSlices, Math.max(1, slices));
}

/** More than this may be fifteen times as much, of samples that come each second. */
const largeBytes = 16 * 1024 * 1024;

/** Whether so much is expected that it should be counted as it comes. */
export function isLargeRead(seriesCount: number, span: TimeSpan, packedUntilMs: number): boolean {
  return expectedBytes(seriesCount, span, packedUntilMs) > largeBytes;
}

/** What is later than all that is packed lies in rows. */
function expectedBytes(seriesCount: number, { afterMs, untilMs }: TimeSpan, packedUntilMs: number): number {
  const packedMs = Math.max(0, Math.min(untilMs, packedUntilMs) - afterMs);
  const rowsMs = Math.max(0, untilMs - afterMs - packedMs);
  const bytesPerSeries = (packedMs * packedBytes + rowsMs * rowBytes) / assumedDistanceMs;
  return seriesCount * Math.max(rowBytes, bytesPerSeries);
}

/** How many samples so many series are taken to have in a span. */
export function expectedSamples(seriesCount: number, { afterMs, untilMs }: TimeSpan): number {
  return seriesCount * Math.max(1, (untilMs - afterMs) / assumedDistanceMs);
}

function idSpans(count: number): readonly Sql[] {
  const width = 2n ** 64n / BigInt(count) + 1n;
  return Array.from({ length: count }, (_, index) => {
    const first = BigInt(index) * width;
    const end = first + width;
    const last = end > 2n ** 64n ? 2n ** 64n - 1n : end - 1n;
    return sql`series_id BETWEEN ${first} AND ${last}`;
  });
}

function idLists(ids: readonly bigint[], count: number): readonly Sql[] {
  const perSlice = Math.min(maxListedSeries, Math.ceil(ids.length / count));
  const sorted = BigUint64Array.from(ids).sort();
  return Array.from({ length: Math.ceil(ids.length / perSlice) }, (_, index) => {
    const own = sorted.subarray(index * perSlice, (index + 1) * perSlice);
    return sql`series_id IN ${[...own]}`;
  });
}
