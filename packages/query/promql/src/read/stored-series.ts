import {
  type Budget,
  type LabelMatcher,
  type Labels,
  labelsKey,
  labelsOf,
  metricName,
  withLabel,
} from '@maru/query-core';
import { type Columns, type Reader, type ReadOptions, type Sql, sql } from '@maru/store';
import { floatLists, ids, smallNumbers, strings, textMaps } from './columns.ts';
import { anySeriesCondition } from './series-condition.ts';
import { kindOfType, type PointKind } from './series-kinds.ts';

/** One row of `metric_series`: what Prometheus series are made of. */
export interface StoredSeries {
  readonly kind: PointKind;
  /** The name in OTLP, by which points are ordered. */
  readonly metricName: string;
  /** The Prometheus name without a suffix. */
  readonly name: string;
  /** Labels without the name. */
  readonly labels: Labels;
  /** With the name, as a series without a suffix has them. Made when first asked for, as is the next. */
  readonly named: Labels;
  /** What no two different sets of `named` share. */
  readonly key: string;
  readonly isDelta: boolean;
  /** Bucket bounds of a histogram, without +Inf. */
  readonly bounds: Float64Array;
}

/** Series by their id in the store. */
export type SeriesById = ReadonlyMap<bigint, StoredSeries>;

const deltaTemporality = 1;

/** The stored series that matchers can find, of every kind. */
export function readStoredSeries(
  reader: Reader,
  matchers: readonly LabelMatcher[],
  budget: Budget,
): Promise<SeriesById> {
  return readSeriesWhere(reader, anySeriesCondition(matchers), budget);
}

/** The stored series that satisfy a condition on `metric_series`. */
export async function readSeriesWhere(reader: Reader, condition: Sql, budget: Budget): Promise<SeriesById> {
  const columns = await reader.columns(
    sql`SELECT series_id, CAST(prometheus_name, 'String') AS name, CAST(metric_name, 'String') AS metric,
        CAST(labels, 'Map(String, String)') AS label_pairs,
        CAST(metric_type, 'UInt8') AS type_number, CAST(temporality, 'UInt8') AS temporality_number,
        CAST(explicit_bounds, 'Array(Float64)') AS bounds
      FROM metric_series WHERE ${condition} LIMIT 1 BY series_id LIMIT ${budget.limits.maxSeries + 1}`,
    { ...readOptions(budget), ...seriesRead },
  );
  budget.addSeries(columns.rowCount);
  if (columns.rowCount === 0) return new Map();
  const series = columns.made(seriesOfColumns);
  budget.addSeriesBytes(columns.made(memoryOfColumns));
  return series;
}

/** What a series and a label take as objects, beside their texts, with the labels that a selector makes of them. */
const bytesOfSeries = 900;
const bytesOfLabel = 250;

const memoryOfColumns = (columns: Columns): number => memoryOf(columns.made(seriesOfColumns));

function memoryOf(series: SeriesById): number {
  let bytes = 0;
  for (const { labels, bounds } of series.values()) {
    bytes += bytesOfSeries + bounds.length * 8;
    for (const [name, value] of labels) bytes += bytesOfLabel + name.length + value.length;
  }
  return bytes;
}

function seriesOfColumns(columns: Columns): SeriesById {
  const names = strings(columns, 'name');
  const metricNames = strings(columns, 'metric');
  const types = smallNumbers(columns, 'type_number');
  const temporalities = smallNumbers(columns, 'temporality_number');
  const labels = textMaps(columns.column('label_pairs'));
  const bounds = floatLists(columns.column('bounds'));
  const series = (row: number): StoredSeries => {
    const name = names[row] ?? '';
    const own = labelsOf(labels(row));
    let named: Labels | undefined;
    let key: string | undefined;
    return {
      kind: kindOfType(types[row]),
      metricName: metricNames[row] ?? '',
      name,
      labels: own,
      get named() {
        named ??= withLabel(own, metricName, name);
        return named;
      },
      get key() {
        key ??= labelsKey(this.named);
        return key;
      },
      isDelta: temporalities[row] === deltaTemporality,
      bounds: bounds(row),
    };
  };
  return new Map(Array.from(ids(columns, 'series_id'), (id, row) => [id, series(row)]));
}

/** Of the series alone, which are found by name and few beside samples: no such read waits behind those of samples. */
export const seriesRead: ReadOptions = { of: 'series', lane: 'lookup' };

/** The limits of one read of a query. */
export function readOptions(budget: Budget): ReadOptions {
  const { remainingSeconds, signal, isLong } = budget;
  const options = { maxSeconds: remainingSeconds, lane: isLong ? 'scan' : 'lookup' } as const;
  return signal === undefined ? options : { ...options, signal };
}
