import { compileMatcher, type LabelMatcher, metricName, sortedUtf8 } from '@maru/query-core';
import { type Reader, sql } from '@maru/store';
import { smallNumbers, strings } from '../read/columns.ts';
import { kindOfType, madeLabels, partsOf, pointKinds } from '../read/series-kinds.ts';
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
  scopeSource,
} from './scope.ts';

/** The values of one label over the series in a scope, sorted. */
export async function findLabelValues(
  reader: Reader,
  label: string,
  scope: CatalogScope,
  options: CatalogOptions,
): Promise<CatalogAnswer<string>> {
  const values = await valuesOf(reader, label, scope, options);
  return limited(sortedUtf8(values), options.limit);
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
  options: CatalogOptions,
): Promise<ReadonlySet<string>> {
  const { series, having } = scopeSource(scope);
  const value = sql`labels[${label}]`;
  const values =
    having === undefined
      ? sql`SELECT ${value} AS value ${series}`
      : sql`SELECT any(${value}) AS value ${series} GROUP BY series_id HAVING ${having}`;
  const columns = await reader.columns(
    sql`SELECT DISTINCT value FROM (${values}) WHERE value != '' LIMIT ${maxCatalogAnswers}`,
    catalogRead(options),
  );
  return new Set(strings(columns, 'value'));
}

/** Every name that a stored metric gives: with the suffixes of its parts, as far as a selector lets them through. */
async function metricNames(
  reader: Reader,
  scope: CatalogScope,
  options: CatalogOptions,
): Promise<ReadonlySet<string>> {
  const selectors: readonly (readonly LabelMatcher[])[] =
    scope.selectors.length === 0 ? [[]] : scope.selectors;
  const found = selectors.map((matchers) => namesOfSelector(reader, matchers, scope, options));
  return new Set((await Promise.all(found)).flat());
}

async function namesOfSelector(
  reader: Reader,
  matchers: readonly LabelMatcher[],
  scope: CatalogScope,
  options: CatalogOptions,
): Promise<readonly string[]> {
  const columns = await reader.columns(
    sql`SELECT DISTINCT CAST(prometheus_name, 'String') AS name, CAST(metric_type, 'UInt8') AS type_number
      FROM metric_series WHERE ${anyScopeCondition({ ...scope, selectors: [matchers] })} LIMIT ${maxCatalogAnswers}`,
    catalogRead(options),
  );
  if (columns.rowCount === 0) return [];
  const types = smallNumbers(columns, 'type_number');
  const tests = matchers.filter((matcher) => matcher.name === metricName).map(compileMatcher);
  const suffixed = strings(columns, 'name').flatMap((name, row) =>
    partsOf[kindOfType(types[row])].map(({ suffix }) => name + suffix),
  );
  return suffixed.filter((name) => tests.every((test) => test(name)));
}
