import { anchoredPattern, type LabelMatcher, metricName } from '@maru/query-core';
import { join, type Sql, sql } from '@maru/store';
import { madeLabels, type PointKind, partsOf, pointKinds } from './series-kinds.ts';

/**
 * The rows of `metric_series` that can give a series for these matchers, as a condition. It is exact for numbers; for
 * histograms and summaries the made labels (`le`, `quantile`) are left to the reader.
 */
export function seriesCondition(kind: PointKind, matchers: readonly LabelMatcher[]): Sql {
  const stored = matchers.filter(
    (matcher) => matcher.name !== metricName && matcher.name !== madeLabels[kind],
  );
  const names = matchers.filter((matcher) => matcher.name === metricName);
  const conditions = [kindCondition(kind), ...nameConditions(kind, names), ...stored.map(labelCondition)];
  return join(conditions, ' AND ');
}

/**
 * The same for every kind at once. Conditions on labels that no kind makes stand once: five times the same pattern over
 * the same rows took most of a small query.
 */
export function anySeriesCondition(matchers: readonly LabelMatcher[]): Sql {
  const made: ReadonlySet<string | undefined> = new Set(Object.values(madeLabels));
  const common = matchers.filter(({ name }) => name !== metricName && !made.has(name));
  const own = matchers.filter((matcher) => !common.includes(matcher));
  const kinds = pointKinds.map((kind) => sql`(${seriesCondition(kind, own)})`);
  return join([sql`(${join(kinds, ' OR ')})`, ...common.map(labelCondition)], ' AND ');
}

function kindCondition(kind: PointKind): Sql {
  switch (kind) {
    case 'number':
      return sql`metric_type IN ('gauge', 'sum')`;
    case 'histogram':
      return sql`metric_type = 'histogram'`;
    case 'exponentialHistogram':
      return sql`metric_type = 'exponential_histogram'`;
    case 'nativeHistogram':
      return sql`metric_type = 'native_histogram'`;
    case 'summary':
      return sql`metric_type = 'summary'`;
  }
}

/** Some part's name must satisfy all name matchers. */
function nameConditions(kind: PointKind, matchers: readonly LabelMatcher[]): readonly Sql[] {
  if (matchers.length === 0) return [];
  const parts = partsOf[kind].map(({ suffix }) =>
    join(
      matchers.map((matcher) => nameCondition(matcher, suffix)),
      ' AND ',
    ),
  );
  return [
    sql`(${join(
      parts.map((part) => sql`(${part})`),
      ' OR ',
    )})`,
  ];
}

/** An equality is turned to the stored name, which the table is ordered by; all else looks at the name with its suffix. */
function nameCondition(matcher: LabelMatcher, suffix: string): Sql {
  if (matcher.operator !== '=') {
    return compare(suffix === '' ? sql`prometheus_name` : sql`concat(prometheus_name, ${suffix})`, matcher);
  }
  if (!matcher.value.endsWith(suffix)) return sql`false`;
  return sql`prometheus_name = ${matcher.value.slice(0, matcher.value.length - suffix.length)}`;
}

/** A label that is not there reads as '', which is how Prometheus matches absent labels. */
function labelCondition(matcher: LabelMatcher): Sql {
  return compare(sql`labels[${matcher.name}]`, matcher);
}

function compare(value: Sql, matcher: LabelMatcher): Sql {
  switch (matcher.operator) {
    case '=':
      return sql`${value} = ${matcher.value}`;
    case '!=':
      return sql`${value} != ${matcher.value}`;
    case '=~':
      return sql`match(${value}, ${anchoredPattern(matcher.value)})`;
    case '!~':
      return sql`NOT match(${value}, ${anchoredPattern(matcher.value)})`;
  }
}
