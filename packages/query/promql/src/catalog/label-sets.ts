import {
  Budget,
  compareLabels,
  defaultQueryLimits,
  type LabelMatcher,
  type Labels,
  labelsKey,
} from '@maru/query-core';
import { type Reader, sql } from '@maru/store';
import { floatLists, ids } from '../read/columns.ts';
import { choosePartsBy } from '../read/named-parts.ts';
import { readOptions, readSeriesWhere, type SeriesById } from '../read/stored-series.ts';
import {
  anyScopeCondition,
  type CatalogAnswer,
  type CatalogOptions,
  type CatalogScope,
  limited,
} from './scope.ts';

/** The label sets of the series in a scope, sorted, each once. */
export async function findLabelSets(
  reader: Reader,
  scope: CatalogScope,
  { limit, signal, limits = defaultQueryLimits }: CatalogOptions,
): Promise<CatalogAnswer<Labels>> {
  const budget = new Budget(limits, signal);
  const stored = await readSeriesWhere(reader, anyScopeCondition(scope), budget);
  const quantiles = await summaryQuantiles(reader, stored, budget);
  const selectors: readonly (readonly LabelMatcher[])[] =
    scope.selectors.length === 0 ? [[]] : scope.selectors;
  const found = new Map<string, Labels>();
  for (const chooser of selectors.map(choosePartsBy)) {
    for (const [id, series] of stored) {
      for (const { labels } of chooser.parts(series, quantiles.get(id) ?? []))
        found.set(labelsKey(labels), labels);
    }
    if (budget.isDue) await budget.rest();
  }
  return limited([...found.values()].sort(compareLabels), limit);
}

/** The quantiles that each summary has had, which only its points know. */
async function summaryQuantiles(
  reader: Reader,
  stored: SeriesById,
  budget: Budget,
): Promise<ReadonlyMap<bigint, readonly number[]>> {
  if (![...stored.values()].some((series) => series.kind === 'summary')) return new Map();
  const columns = await reader.columns(
    // No time bound: summaries are few, and any of their points will do.
    sql`SELECT series_id, anyLast(quantiles) AS quantiles FROM summary_points WHERE notEmpty(quantiles)
      GROUP BY series_id LIMIT ${budget.limits.maxSeries}`,
    readOptions(budget),
  );
  if (columns.rowCount === 0) return new Map();
  const quantiles = floatLists(columns.column('quantiles'));
  return new Map(Array.from(ids(columns, 'series_id'), (id, row) => [id, [...quantiles(row)]]));
}
