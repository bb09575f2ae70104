import {
  contentOf,
  doubleOf,
  eightBytesOf,
  type Field,
  fixed64Of,
  readFields,
  viewOf,
} from '../model/fields.ts';
import {
  doubleBytes,
  exemplarsOf,
  isStale,
  named,
  type PointLayout,
  type PrometheusMetric,
  sample,
  timeOf,
} from './point.ts';
import type { WriteExemplar } from './series.ts';

const histogramLayout: PointLayout = { attributes: 9, flags: 10, exemplars: 8 };

/** A point of a histogram with bounds: a sample for each bucket, added up to it, and those of `_count` and `_sum`. */
export function addHistogram(point: readonly Field[], metric: PrometheusMetric): void {
  const { add, total, time } = addTotals(point, metric, histogramLayout);
  const counts = eightBytesOf(point, 6).map((bytes) => Number(viewOf(bytes).getBigUint64(0, true)));
  const bounds = eightBytesOf(point, 7).map((bytes) => viewOf(bytes).getFloat64(0, true));
  const exemplars = metric.withExemplars ? exemplarsOf(point, histogramLayout, time) : [];
  let below = 0;
  let lower = Number.NEGATIVE_INFINITY;
  for (const [index, bound] of [...bounds, Number.POSITIVE_INFINITY].entries()) {
    below += counts[index] ?? 0;
    // The bucket up to +Inf holds all observations, also those of a point that came without buckets.
    const series = add('_bucket', index === bounds.length ? total : below, ['le', bound]);
    series.exemplars.push(...exemplars.filter((one) => isBetween(one, lower, bound)));
    lower = bound;
  }
}

function isBetween({ value }: WriteExemplar, lower: number, upper: number): boolean {
  const number = viewOf(value).getFloat64(0, true);
  return number > lower && number <= upper;
}

const summaryLayout: PointLayout = { attributes: 7, flags: 8, exemplars: undefined };

/** A point of a summary: a sample for each quantile, and those of `_count` and `_sum`. */
export function addSummary(point: readonly Field[], metric: PrometheusMetric): void {
  const { add } = addTotals(point, metric, summaryLayout);
  for (const { number, content } of point) {
    if (number !== 6) continue;
    const quantile = readFields(content);
    add('', doubleBytes(quantile, 2), ['quantile', doubleOf(quantile, 1) ?? 0]);
  }
}

/** What a point adds to a series of its metric. */
type Add = (
  suffix: string,
  value: number | Uint8Array,
  made?: readonly ['le' | 'quantile', number],
) => ReturnType<PrometheusMetric['series']['of']>;

/** Adds `_count`, and `_sum` where there is one; gives how to add the rest. */
function addTotals(
  point: readonly Field[],
  metric: PrometheusMetric,
  layout: PointLayout,
): { readonly add: Add; readonly total: number; readonly time: ReturnType<typeof timeOf> } {
  const labels = metric.labelsOf(point, layout.attributes);
  const time = timeOf(point);
  const stale = isStale(point, layout);
  const add: Add = (suffix, value, made) => {
    const series = metric.series.of(named(labels, metric.name + suffix, made), metric.metadata);
    series.samples.push(sample(time, value, stale));
    return series;
  };
  const total = Number(fixed64Of(point, 4));
  add('_count', total);
  const hasSum = layout === summaryLayout || contentOf(point, 5) !== undefined;
  if (hasSum || stale) add('_sum', doubleBytes(point, 5));
  return { add, total, time };
}
