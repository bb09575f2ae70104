import { Budget, defaultQueryLimits, type LabelMatcher } from '@maru/query-core';
import { join, type NumberDeletion, type Reader, type Sql, sql } from '@maru/store';
import type { CatalogScope } from './catalog/scope.ts';
import { storedTime } from './read/points.ts';
import { anySeriesCondition, seriesCondition } from './read/series-condition.ts';
import type { PointKind } from './read/series-kinds.ts';
import { readSeriesWhere } from './read/stored-series.ts';
import { pointTables } from './read/tables.ts';

/** What deletes in the store. */
export interface SeriesDeletion {
  deleteRows(table: string, condition: Sql): Promise<void>;
  /** Samples of numbers, which lie in more than one form. */
  deleteNumbers(deletion: NumberDeletion): Promise<void>;
  /** Told afterwards, so that nobody takes a deleted series for one that is there. */
  deleted(): void;
}

/**
 * Deletes the samples of the series that selectors find, in a time range or all of them. A stored histogram or summary
 * goes whole, so a selector that names one of its parts deletes all of its parts.
 */
export async function deleteSeries(
  reader: Reader,
  deletion: SeriesDeletion,
  { selectors, startMs, endMs }: CatalogScope,
  signal?: AbortSignal,
): Promise<void> {
  const condition = (kind: PointKind) => anyOf(kind, selectors);
  const found = await readSeriesWhere(reader, anyKind(selectors), new Budget(defaultQueryLimits, signal));
  const kinds = new Set([...found.values()].map(({ kind }) => kind));
  const span = { startMs: startMs ?? Number.NEGATIVE_INFINITY, endMs: endMs ?? Number.POSITIVE_INFINITY };
  const time = sql`time >= ${moment(span.startMs)} AND time <= ${moment(span.endMs)}`;
  for (const kind of kinds) {
    const ids = sql`series_id IN (SELECT series_id FROM metric_series WHERE ${condition(kind)})`;
    if (kind === 'number') await deletion.deleteNumbers({ series: ids, ...span });
    for (const table of pointTables[kind]) await deletion.deleteRows(table, sql`${ids} AND ${time}`);
    if (startMs === undefined && endMs === undefined)
      await deletion.deleteRows('metric_series', condition(kind));
  }
  deletion.deleted();
}

function anyOf(kind: PointKind, selectors: readonly (readonly LabelMatcher[])[]): Sql {
  return sql`(${join(
    selectors.map((matchers) => sql`(${seriesCondition(kind, matchers)})`),
    ' OR ',
  )})`;
}

function anyKind(selectors: CatalogScope['selectors']): Sql {
  const found = selectors.map((matchers) => sql`(${anySeriesCondition(matchers)})`);
  return sql`(${join(found, ' OR ')})`;
}

function moment(milliseconds: number): Sql {
  return sql`fromUnixTimestamp64Milli(${storedTime(milliseconds)}, 'UTC')`;
}
