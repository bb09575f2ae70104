import { type Labels, metricName } from '@maru/query-core';
import type { StepSeries } from '../../evaluate/values.ts';

/** The series under other labels. A name that was set on purpose stays in the end result. */
export function relabelled(series: StepSeries, target: string, labels: Labels): StepSeries {
  return { ...series, labels, dropName: target === metricName ? false : series.dropName };
}
