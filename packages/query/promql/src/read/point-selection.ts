import type { LabelMatcher } from '@maru/query-core';
import { type Sql, sql } from '@maru/store';
import { seriesCondition } from './series-condition.ts';
import type { PointKind } from './series-kinds.ts';
import type { SeriesById } from './stored-series.ts';

/**
 * Up to so many series are named by their ids, which spares the engine finding them again. A list of 10,000 ids would
 * be longer than the engine parses (256 KiB).
 */
const maxListedSeries = 2_000;
const maxListedNames = 200;

/** The points of the series of one kind, as a condition on `metric_name` and `series_id`, in the order of the tables. */
export function pointSelection(kind: PointKind, stored: SeriesById, matchers: readonly LabelMatcher[]): Sql {
  const ids: bigint[] = [];
  const names = new Set<string>();
  for (const [id, series] of stored) {
    if (series.kind !== kind) continue;
    ids.push(id);
    names.add(series.metricName);
  }
  const found = (column: Sql) =>
    sql`SELECT ${column} FROM metric_series WHERE ${seriesCondition(kind, matchers)}`;
  const nameList = names.size <= maxListedNames ? sql`${[...names]}` : sql`(${found(sql`metric_name`)})`;
  const idList = ids.length <= maxListedSeries ? sql`${ids}` : sql`(${found(sql`series_id`)})`;
  return sql`metric_name IN ${nameList} AND series_id IN ${idList}`;
}
