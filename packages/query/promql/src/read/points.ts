import type { Budget } from '@maru/query-core';
import { type Columns, type Reader, type Sql, sql } from '@maru/store';
import { byteLists, floatLists, ids } from './columns.ts';
import type { PointKind } from './series-kinds.ts';
import { readOptions } from './stored-series.ts';

/** A span of time in milliseconds: later than `afterMs`, up to and with `untilMs`. */
export interface TimeSpan {
  readonly afterMs: number;
  readonly untilMs: number;
}

/** The points of one stored series, in the order of the store, which need not be that of time. */
export interface StoredPoints {
  readonly seriesId: bigint;
  readonly times: Float64Array;
  /** Empty when no point has a flag. */
  readonly flags: Uint8Array;
  /** When each sample's counter began, in milliseconds, 0 where it is not known; absent unless asked for. */
  readonly starts?: Float64Array | undefined;
  /** Position of the series in the result, for the columns that only one kind has. */
  readonly row: number;
}

/** What one kind of points is read from, and the arrays that are read besides times and flags. */
export interface PointSource {
  readonly kind: PointKind;
  readonly table: Sql;
  readonly lists: Sql;
}

export interface ReadPoints {
  readonly columns: Columns;
  readonly series: readonly StoredPoints[];
}

/**
 * Reads points, one row a series. Times come as floats: 64-bit integers would have to be converted one by one, and
 * milliseconds fit a double exactly. Flags come only where one is set, which is hardly ever.
 *
 * `materialize` is no ornament: of a column that is stored sparse (more than 15 of 16 values are 0, as flags are) the
 * engine's `groupArray` puts the values that are not 0 first when there is one group, and flags no longer stand beside
 * their samples (seen in 26.7).
 *
 * @param selection the condition on `metric_name` and `series_id`, by which the points are ordered
 */
export async function readPoints(
  reader: Reader,
  source: PointSource,
  selection: Sql,
  span: TimeSpan,
  budget: Budget,
  withStarts = false,
): Promise<ReadPoints> {
  const columns = await reader.columns(
    sql`SELECT series_id, groupArray(toFloat64(toUnixTimestamp64Milli(time))) AS times, 
        if(max(flags) = 0, [], groupArray(materialize(flags))) AS flags,
        ${withStarts ? sql`groupArray(materialize(toFloat64(toUnixTimestamp64Milli(start_time)))) AS starts, ` : sql``}${source.lists}
      FROM ${source.table}
      WHERE ${selection}
        AND time > fromUnixTimestamp64Milli(${storedTime(span.afterMs)}, 'UTC')
        AND time <= fromUnixTimestamp64Milli(${storedTime(span.untilMs)}, 'UTC')
      GROUP BY series_id`,
    readOptions(budget),
  );
  const series = columns.rowCount === 0 ? [] : pointsOfColumns(columns, withStarts);
  budget.addSamples(series.reduce((sum, one) => sum + one.times.length, 0));
  return { columns, series };
}

function pointsOfColumns(columns: Columns, withStarts: boolean): readonly StoredPoints[] {
  const times = floatLists(columns.column('times'));
  const flags = byteLists(columns.column('flags'));
  const starts = withStarts ? floatLists(columns.column('starts')) : undefined;
  return Array.from(ids(columns, 'series_id'), (seriesId, row) => ({
    seriesId,
    times: times(row),
    flags: flags(row),
    starts: starts?.(row),
    row,
  }));
}

/** The store's times reach from 1900 to 2299; what is beyond is asked for as its edge, as nothing lies between. */
export function storedTime(milliseconds: number): bigint {
  return BigInt(Math.max(-2_208_988_800_000, Math.min(10_413_791_999_999, Math.floor(milliseconds))));
}

export const histogramPoints: PointSource = {
  kind: 'histogram',
  table: sql`histogram_points`,
  lists: sql`groupArray(materialize(toFloat64(count))) AS counts, groupArray(materialize(ifNull(sum, nan))) AS sums,
    groupArray(materialize(toUInt8(isNotNull(sum)))) AS hasSums, groupArray(materialize(CAST(bucket_counts, 'Array(Float64)'))) AS buckets`,
};

export const exponentialPoints: PointSource = {
  kind: 'exponentialHistogram',
  table: sql`exponential_histogram_points`,
  lists: sql`groupArray(materialize(toFloat64(count))) AS counts, groupArray(materialize(ifNull(sum, 0))) AS sums,
    groupArray(materialize(toFloat64(scale))) AS scales, groupArray(materialize(toFloat64(zero_count))) AS zeroCounts,
    groupArray(materialize(zero_threshold)) AS zeroThresholds, groupArray(materialize(toFloat64(positive_offset))) AS positiveOffsets,
    groupArray(materialize(toFloat64(negative_offset))) AS negativeOffsets,
    groupArray(materialize(CAST(positive_counts, 'Array(Float64)'))) AS positives,
    groupArray(materialize(CAST(negative_counts, 'Array(Float64)'))) AS negatives`,
};

export const nativePoints: PointSource = {
  kind: 'nativeHistogram',
  table: sql`native_histogram_points`,
  lists: sql`groupArray(materialize(count)) AS counts, groupArray(materialize(sum)) AS sums,
    groupArray(materialize(toFloat64(schema))) AS schemas, groupArray(materialize(zero_count)) AS zeroCounts,
    groupArray(materialize(zero_threshold)) AS zeroThresholds, groupArray(materialize(toFloat64(reset_hint))) AS hints,
    groupArray(materialize(CAST(positive_indexes, 'Array(Float64)'))) AS positiveIndexes,
    groupArray(materialize(positive_counts)) AS positiveCounts,
    groupArray(materialize(CAST(negative_indexes, 'Array(Float64)'))) AS negativeIndexes,
    groupArray(materialize(negative_counts)) AS negativeCounts, groupArray(materialize(custom_bounds)) AS bounds`,
};

export const summaryPoints: PointSource = {
  kind: 'summary',
  table: sql`summary_points`,
  lists: sql`groupArray(materialize(toFloat64(count))) AS counts, groupArray(materialize(sum)) AS sums, groupArray(materialize(quantiles)) AS quantiles,
    groupArray(materialize(quantile_values)) AS quantileValues`,
};
