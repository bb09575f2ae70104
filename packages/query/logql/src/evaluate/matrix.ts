import { type Labels, labelsKey, QueryError } from '@maru/query-core';

/** A series over the steps of a query; NaN where it has no value. */
export interface Series {
  readonly labels: Labels;
  readonly values: Float64Array;
}

/** What a metric expression gives: a number at each step, or series. */
export type Value =
  | { readonly kind: 'scalar'; readonly values: Float64Array }
  | { readonly kind: 'vector'; readonly series: readonly Series[] };

/** Loki's limit on what one query returns. */
const maxSeries = 500;

/** Throws Loki's error when there are more series than one query may return. */
export function checkSeriesCount(count: number): void {
  if (count <= maxSeries) return;
  throw new QueryError(
    'execution',
    `maximum number of series (${maxSeries}) reached for a single query; consider reducing query cardinality by adding ` +
      'more specific stream selectors, reducing the time range, or aggregating results with functions like sum, count or topk',
  );
}

/** Series whose labels are equal as one: `combine` joins their values step by step. */
export function mergeSeries(
  series: readonly Series[],
  combine: (left: number, right: number) => number,
): readonly Series[] {
  const merged = new Map<string, { readonly labels: Labels; readonly values: Float64Array }>();
  for (const { labels, values } of series) {
    const key = labelsKey(labels);
    const known = merged.get(key);
    if (known === undefined) merged.set(key, { labels, values: values.slice() });
    else addInto(known.values, values, combine);
  }
  return [...merged.values()];
}

function addInto(
  target: Float64Array,
  values: Float64Array,
  combine: (left: number, right: number) => number,
): void {
  for (const [step, value] of values.entries())
    target[step] = joined(target[step] ?? Number.NaN, value, combine);
}

function joined(left: number, right: number, combine: (left: number, right: number) => number): number {
  if (Number.isNaN(right)) return left;
  return Number.isNaN(left) ? right : combine(left, right);
}
