import {
  customSchema,
  denseBuckets,
  emptyHistogram,
  type NativeHistogram,
  nameOf,
  type Point,
  type SeriesLine,
} from '@maru/promql';
import { type Labels, labelsKey, labelsOf, metricName, parseFloatText } from '@maru/query-core';

interface ClassicHistogram {
  readonly labels: Labels;
  readonly buckets: { readonly bound: number; readonly points: readonly Point[] }[];
  count: readonly Point[];
  sum: readonly Point[];
}

/** The classic histograms among series, as native ones with custom bounds. */
export function customHistograms(series: readonly SeriesLine[]): readonly SeriesLine[] {
  const byKey = new Map<string, ClassicHistogram>();
  for (const line of series) addTo(byKey, line);
  return [...byKey.values()].map((classic) => ({ labels: classic.labels, points: pointsOf(classic) }));
}

function addTo(byKey: Map<string, ClassicHistogram>, line: SeriesLine): void {
  const [, base, part] = /^(.*)_(bucket|count|sum)$/.exec(nameOf(line.labels)) ?? [];
  if (base === undefined) return;
  const rest = [...line.labels].filter(([name]) => name !== 'le' && name !== metricName);
  const labels = labelsOf([...rest, [metricName, base]]);
  const key = labelsKey(labels);
  const classic = byKey.get(key) ?? { labels, buckets: [], count: [], sum: [] };
  byKey.set(key, classic);
  if (part === 'count') classic.count = line.points;
  else if (part === 'sum') classic.sum = line.points;
  else {
    const bound = parseFloatText(line.labels.get('le') ?? '');
    if (bound !== undefined) classic.buckets.push({ bound, points: line.points });
  }
}

function pointsOf(classic: ClassicHistogram): readonly Point[] {
  const lines = [...classic.buckets.map(({ points }) => points), classic.count, classic.sum];
  const length = Math.max(...lines.map((points) => points.length));
  return Array.from({ length }, (_, index) => {
    const histogram = histogramAt(classic, index);
    return histogram === undefined ? 'none' : { histogram, namesHint: false };
  });
}

/** Counts between neighbouring bounds, of the bounds that have a sample there. */
function histogramAt({ buckets, count, sum }: ClassicHistogram, index: number): NativeHistogram | undefined {
  const here = buckets
    .map(({ bound, points }) => ({ bound, total: points[index] }))
    .filter((bucket): bucket is { bound: number; total: number } => typeof bucket.total === 'number')
    .sort((left, right) => left.bound - right.bound);
  const total = numberOf(count[index]) ?? here.at(-1)?.total;
  if (total === undefined || (here.length === 0 && typeof count[index] !== 'number')) return undefined;
  // The same bound may be written in several ways; of those the last counts.
  const finite = here.filter(
    ({ bound }, place) => bound !== Number.POSITIVE_INFINITY && here[place + 1]?.bound !== bound,
  );
  const totals = [...finite.map((bucket) => bucket.total), total];
  // Buckets that fall are no histogram: nobody could store one.
  if (totals.some((upTo, place) => upTo < (totals[place - 1] ?? 0))) return undefined;
  return {
    ...emptyHistogram,
    schema: customSchema,
    count: total,
    sum: numberOf(sum[index]) ?? 0,
    positive: denseBuckets(
      0,
      totals.map((upTo, place) => upTo - (totals[place - 1] ?? 0)),
    ),
    customBounds: Float64Array.from(finite, ({ bound }) => bound),
  };
}

function numberOf(point: Point | undefined): number | undefined {
  return typeof point === 'number' ? point : undefined;
}
