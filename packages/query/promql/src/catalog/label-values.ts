import { compareUtf8, compileMatcher, type LabelMatcher, metricName } from '@maru/query-core';
import { type Reader, sql } from '@maru/store';
import { madeLabels, type PointKind, partsOf, pointKinds } from '../read/series-kinds.ts';
import { findLabelSets } from './label-sets.ts';
import {
  anyScopeCondition,
  type CatalogAnswer,
  type CatalogOptions,
  type CatalogScope,
  isDecidedByStore,
  limited,
  maxCatalogAnswers,
  scopeCondition,
} from './scope.ts';

/** The values of one label over the series in a scope, sorted. */
export async function findLabelValues(
  reader: Reader,
  label: string,
  scope: CatalogScope,
  options: CatalogOptions,
): Promise<CatalogAnswer<string>> {
  const values = await valuesOf(reader, label, scope, options);
  return limited([...values].sort(compareUtf8), options.limit);
}

function valuesOf(
  reader: Reader,
  label: string,
  scope: CatalogScope,
  options: CatalogOptions,
): Promise<ReadonlySet<string>> {
  const isMade = pointKinds.some((kind) => madeLabels[kind] === label);
  if (isMade || !isDecidedByStore(scope)) return valuesOfSets(reader, label, scope, options);
  return label === metricName
    ? metricNames(reader, scope, options)
    : storedValues(reader, label, scope, options);
}

/** The slow way, through whole label sets: what is made when read is found there only. */
async function valuesOfSets(
  reader: Reader,
  label: string,
  scope: CatalogScope,
  options: CatalogOptions,
): Promise<ReadonlySet<string>> {
  const { items } = await findLabelSets(reader, scope, { ...options, limit: 0 });
  return new Set(items.flatMap((labels) => labels.get(label) ?? []));
}

async function storedValues(
  reader: Reader,
  label: string,
  scope: CatalogScope,
  { signal }: CatalogOptions,
): Promise<ReadonlySet<string>> {
  const rows = await reader.rows<{ value: string }>(
    sql`SELECT DISTINCT labels[${label}] AS value FROM metric_series
      WHERE ${anyScopeCondition(scope)} AND value != '' LIMIT ${maxCatalogAnswers}`,
    signal === undefined ? {} : { signal },
  );
  return new Set(rows.map((row) => row.value));
}

/** Every name that a stored metric gives: with the suffixes of its parts, as far as a selector lets them through. */
async function metricNames(
  reader: Reader,
  scope: CatalogScope,
  options: CatalogOptions,
): Promise<ReadonlySet<string>> {
  const names = await Promise.all(pointKinds.map((kind) => namesOfKind(reader, kind, scope, options)));
  return new Set(names.flat());
}

async function namesOfKind(
  reader: Reader,
  kind: PointKind,
  scope: CatalogScope,
  { signal }: CatalogOptions,
): Promise<readonly string[]> {
  const selectors: readonly (readonly LabelMatcher[])[] =
    scope.selectors.length === 0 ? [[]] : scope.selectors;
  const found = selectors.map(async (matchers) => {
    const condition = scopeCondition(kind, { ...scope, selectors: [matchers] });
    const rows = await reader.rows<{ name: string }>(
      sql`SELECT DISTINCT CAST(prometheus_name, 'String') AS name FROM metric_series WHERE ${condition}
        LIMIT ${maxCatalogAnswers}`,
      signal === undefined ? {} : { signal },
    );
    const tests = matchers.filter((matcher) => matcher.name === metricName).map(compileMatcher);
    const suffixed = rows.flatMap((row) => partsOf[kind].map(({ suffix }) => row.name + suffix));
    return suffixed.filter((name) => tests.every((test) => test(name)));
  });
  return (await Promise.all(found)).flat();
}
