import { metricName, sortedUtf8 } from '@maru/query-core';
import { type Reader, sql } from '@maru/store';
import { strings } from '../read/columns.ts';
import { madeLabels } from '../read/series-kinds.ts';
import { findLabelSets } from './label-sets.ts';
import {
  anyScopeCondition,
  type CatalogAnswer,
  type CatalogOptions,
  type CatalogScope,
  catalogRead,
  isDecidedByStore,
  limited,
  maxCatalogAnswers,
} from './scope.ts';

/** The names of all labels on the series in a scope, sorted; `__name__` is one of them. */
export async function findLabelNames(
  reader: Reader,
  scope: CatalogScope,
  options: CatalogOptions,
): Promise<CatalogAnswer<string>> {
  // A selector by name may take the buckets of a histogram or only its sum, and only the buckets have an `le`.
  const names = scope.selectors.length === 0 && isDecidedByStore(scope) ? storedNames : namesOfSets;
  return limited(sortedUtf8(await names(reader, scope, options)), options.limit);
}

async function namesOfSets(
  reader: Reader,
  scope: CatalogScope,
  options: CatalogOptions,
): Promise<ReadonlySet<string>> {
  const { items } = await findLabelSets(reader, scope, { ...options, limit: 0 });
  return new Set(items.flatMap((labels) => [...labels.keys()]));
}

/** The labels that are made when read stand for the kinds that have them. */
async function storedNames(
  reader: Reader,
  scope: CatalogScope,
  options: CatalogOptions,
): Promise<ReadonlySet<string>> {
  const columns = await reader.columns(
    sql`SELECT DISTINCT arrayJoin(arrayPushBack(mapKeys(labels), multiIf(metric_type = 'histogram', ${madeLabels.histogram},
        metric_type = 'summary', ${madeLabels.summary}, ${metricName}))) AS name
      FROM metric_series WHERE ${anyScopeCondition(scope)} LIMIT ${maxCatalogAnswers}`,
    catalogRead(options),
  );
  const names = strings(columns, 'name');
  return new Set(names.length === 0 ? [] : [...names, metricName]);
}
