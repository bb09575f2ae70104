import { metricName } from '@maru/query-core';
import { type Reader, type Sql, sql } from '@maru/store';

/** How many series there are, and what they are of. A histogram or summary, which is stored whole, is one series. */
export interface Cardinality {
  readonly series: number;
  readonly labelPairs: number;
  /** Of the first and the last sample, in milliseconds since 1970; `undefined` without any. */
  readonly times: { readonly firstMs: number; readonly lastMs: number } | undefined;
  /** The largest first, as all lists here. */
  readonly seriesByMetric: readonly NamedCount[];
  readonly valuesByLabel: readonly NamedCount[];
  /** Bytes of a label's values, each counted once. */
  readonly valueBytesByLabel: readonly NamedCount[];
  /** Pairs as `name=value`. */
  readonly seriesByLabelPair: readonly NamedCount[];
}

export interface NamedCount {
  readonly name: string;
  readonly value: number;
}

/** Counts series over all that is stored. `limit` bounds each list. */
export async function findCardinality(
  reader: Reader,
  { limit, signal }: { readonly limit: number; readonly signal?: AbortSignal | undefined },
): Promise<Cardinality> {
  const options = signal === undefined ? {} : { signal };
  const top = (counts: Sql): Promise<readonly NamedCount[]> =>
    reader.rows<NamedCount>(
      sql`SELECT name, toFloat64(value) AS value FROM (${counts}) ORDER BY value DESC, name LIMIT ${limit}`,
      options,
    );
  const [[totals], seriesByMetric, valuesByLabel, valueBytesByLabel, seriesByLabelPair] = await Promise.all([
    reader.rows<Totals>(totalsQuery, options),
    top(
      sql`SELECT CAST(prometheus_name, 'String') AS name, uniqExact(series_id) AS value FROM metric_series GROUP BY name`,
    ),
    top(sql`SELECT name, count() AS value FROM (${pairs}) GROUP BY name`),
    top(sql`SELECT name, sum(length(text)) AS value FROM (${pairs}) GROUP BY name`),
    top(sql`SELECT concat(name, '=', text) AS name, series AS value FROM (${pairs})`),
  ]);
  return { ...totalsOf(totals), seriesByMetric, valuesByLabel, valueBytesByLabel, seriesByLabelPair };
}

/** Every pair of a label (the metric's name among them) and a value, with its series. */
const pairs: Sql = sql`SELECT pair.1 AS name, pair.2 AS text, uniqExact(series_id) AS series
  FROM (SELECT series_id, arrayJoin(arrayConcat([(${metricName}, CAST(prometheus_name, 'String'))],
    arrayZip(mapKeys(labels), mapValues(labels)))) AS pair FROM metric_series)
  GROUP BY name, text`;

interface Totals {
  readonly series: number;
  readonly pairs: number;
  readonly firstMs: number;
  readonly lastMs: number;
}

const totalsQuery: Sql = sql`SELECT toFloat64(uniqExact(series_id)) AS series,
    toFloat64((SELECT count() FROM (${pairs}))) AS pairs,
    toFloat64(toUnixTimestamp64Milli(min(first_time))) AS firstMs,
    toFloat64(toUnixTimestamp64Milli(max(last_time))) AS lastMs
  FROM metric_series`;

function totalsOf(totals: Totals | undefined): Pick<Cardinality, 'series' | 'labelPairs' | 'times'> {
  if (totals === undefined || totals.series === 0) return { series: 0, labelPairs: 0, times: undefined };
  const { series, pairs: labelPairs, firstMs, lastMs } = totals;
  return { series, labelPairs, times: { firstMs, lastMs } };
}
