import type { Field } from '../model/fields.ts';
import {
  exemplarsOf,
  isStale,
  named,
  numberOf,
  type PointLayout,
  type PrometheusMetric,
  sample,
  timeOf,
} from './point.ts';

const layout: PointLayout = { attributes: 7, flags: 8, exemplars: 5 };

/** A point of a gauge or a sum: one sample. */
export function addNumber(point: readonly Field[], metric: PrometheusMetric): void {
  const time = timeOf(point);
  const labels = named(metric.labelsOf(point, layout.attributes), metric.name);
  const series = metric.series.of(labels, metric.metadata);
  series.samples.push(sample(time, numberOf(point, 4, 6), isStale(point, layout)));
  if (metric.withExemplars) series.exemplars.push(...exemplarsOf(point, layout, time));
}
