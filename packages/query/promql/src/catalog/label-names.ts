import { compareUtf8, metricName } from '@maru/query-core';
import { type Reader, sql } from '@maru/store';
import { madeLabels, type PointKind, pointKinds } from '../read/series-kinds.ts';
import { findLabelSets } from './label-sets.ts';
import {
  type CatalogAnswer,
  type CatalogOptions,
  type CatalogScope,
  isDecidedByStore,
  limited,
  maxCatalogAnswers,
  scopeCondition,
} from './scope.ts';

/** The names of all labels on the series in a scope, sorted; `__name__` is one of them. */
export async function findLabelNames(
  reader: Reader,
  scope: CatalogScope,
  options: CatalogOptions,
): Promise<CatalogAnswer<string>> {
  // A selector by name may take the buckets of a histogram or only its sum, and only the buckets have an `le`.
  const names = scope.selectors.length === 0 && isDecidedByStore(scope) ? storedNames : namesOfSets;
  return limited([...(await names(reader, scope, options))].sort(compareUtf8), options.limit);
}

async function namesOfSets(
  reader: Reader,
  scope: CatalogScope,
  options: CatalogOptions,
): Promise<ReadonlySet<string>> {
  const { items } = await findLabelSets(reader, scope, { ...options, limit: 0 });
  return new Set(items.flatMap((labels) => [...labels.keys()]));
}

async function storedNames(
  reader: Reader,
  scope: CatalogScope,
  options: CatalogOptions,
): Promise<ReadonlySet<string>> {
  const found = await Promise.all(pointKinds.map((kind) => namesOfKind(reader, kind, scope, options)));
  return new Set(found.flat());
}

async function namesOfKind(
  reader: Reader,
  kind: PointKind,
  scope: CatalogScope,
  { signal }: CatalogOptions,
): Promise<readonly string[]> {
  const rows = await reader.rows<{ name: string }>(
    sql`SELECT DISTINCT arrayJoin(arrayPushBack(mapKeys(labels), ${metricName})) AS name FROM metric_series
      WHERE ${scopeCondition(kind, scope)} LIMIT ${maxCatalogAnswers}`,
    signal === undefined ? {} : { signal },
  );
  const made = madeLabels[kind];
  return rows.length === 0 || made === undefined
    ? rows.map((row) => row.name)
    : [made, ...rows.map((row) => row.name)];
}
