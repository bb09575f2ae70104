import { anchoredPattern, type LabelMatcher, metricName } from '@maru/query-core';
import { join, type Sql, sql } from '@maru/store';
import { madeLabels, type PointKind, partsOf, pointKinds } from './series-kinds.ts';

/**
 * The rows of `metric_series` that can give a series for these matchers, as a condition. It is exact for numbers; for
 * histograms and summaries the made labels (`le`, `quantile`) are left to the reader.
 */
export function seriesCondition(kind: PointKind, matchers: readonly LabelMatcher[]): Sql {
  return join([kindCondition([kind]), ownCondition(kind, matchers)], ' AND ');
}

/**
 * The same for every kind at once. Conditions on labels that no kind makes stand once: five times the same pattern over
 * the same rows took most of a small query. Kinds that ask the same stand together, and those that cannot match not at
 * all: the engine's analysis of a long statement costs more than its run.
 */
export function anySeriesCondition(matchers: readonly LabelMatcher[]): Sql {
  const made: ReadonlySet<string | undefined> = new Set(Object.values(madeLabels));
  const common = matchers.filter(({ name }) => name !== metricName && !made.has(name));
  const own = matchers.filter((matcher) => !common.includes(matcher));
  const all = [kindsCondition(own), ...common.map(labelCondition)].filter(({ text }) => text !== 'true');
  return all.length === 0 ? sql`true` : join(all, ' AND ');
}

function kindsCondition(matchers: readonly LabelMatcher[]): Sql {
  const kindsByCondition = new Map<string, { readonly condition: Sql; readonly kinds: PointKind[] }>();
  for (const kind of pointKinds) {
    const condition = ownCondition(kind, matchers);
    if (condition.text === 'false') continue;
    const known = kindsByCondition.get(condition.text);
    if (known === undefined) kindsByCondition.set(condition.text, { condition, kinds: [kind] });
    else known.kinds.push(kind);
  }
  const groups = [...kindsByCondition.values()].map(({ condition, kinds }) =>
    kinds.length === pointKinds.length ? condition : sql`(${kindCondition(kinds)} AND ${condition})`,
  );
  return anyOf(groups);
}

/** What the store calls the metrics of each kind of points. */
const typesOf: Readonly<Record<PointKind, readonly string[]>> = {
  number: ['gauge', 'sum'],
  histogram: ['histogram'],
  exponentialHistogram: ['exponential_histogram'],
  nativeHistogram: ['native_histogram'],
  summary: ['summary'],
};

function kindCondition(kinds: readonly PointKind[]): Sql {
  return sql`metric_type IN ${kinds.flatMap((kind) => typesOf[kind])}`;
}

/** What matchers ask of the name and of the labels of one kind: some part's name must satisfy all name matchers. */
function ownCondition(kind: PointKind, matchers: readonly LabelMatcher[]): Sql {
  const stored = matchers.filter(({ name }) => name !== metricName && name !== madeLabels[kind]);
  const names = matchers.filter(({ name }) => name === metricName);
  const conditions = [
    ...(names.length === 0 ? [] : [anyOf(partsOf[kind].map(({ suffix }) => nameConditions(names, suffix)))]),
    ...stored.map(labelCondition),
  ];
  if (conditions.some(({ text }) => text === 'false')) return sql`false`;
  return conditions.length === 0 ? sql`true` : join(conditions, ' AND ');
}

function nameConditions(matchers: readonly LabelMatcher[], suffix: string): Sql {
  const conditions = matchers.map((matcher) => nameCondition(matcher, suffix));
  return conditions.some(({ text }) => text === 'false') ? sql`false` : join(conditions, ' AND ');
}

/** One of the conditions, without those that never hold. */
function anyOf(conditions: readonly Sql[]): Sql {
  const possible = conditions.filter(({ text }) => text !== 'false');
  const [first] = possible;
  if (first === undefined) return sql`false`;
  return possible.length === 1 ? first : sql`(${join(possible, ' OR ')})`;
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
