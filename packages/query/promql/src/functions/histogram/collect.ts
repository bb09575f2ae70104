import { labelsKey, metricName, parseFloatText, quoteText, type Span, withLabel } from '@maru/query-core';
import type { Notes } from '../../evaluate/notes.ts';
import type { StepSeries, Value } from '../../evaluate/values.ts';
import { forMetric } from '../metric-note.ts';
import type { Bucket } from './buckets.ts';

/** The bucket series of one histogram: the same labels but `le`. */
export interface BucketGroup {
  readonly identity: StepSeries;
  readonly bounds: readonly number[];
  readonly members: readonly StepSeries[];
}

/** Sorts bucket series into their histograms. Series without a readable `le` are left out, with a warning. */
export function collectBuckets(value: Value | undefined, span: Span, notes: Notes): readonly BucketGroup[] {
  const groups = new Map<string, { identity: StepSeries; bounds: number[]; members: StepSeries[] }>();
  for (const series of value?.kind === 'vector' ? value.series : []) {
    const bound = boundOf(series, span, notes);
    if (bound === undefined) continue;
    const labels = withLabel(series.labels, 'le', '');
    const key = labelsKey(labels);
    const group = groups.get(key) ?? { identity: { ...series, labels }, bounds: [], members: [] };
    group.bounds.push(bound);
    group.members.push(series);
    groups.set(key, group);
  }
  return [...groups.values()];
}

function boundOf(series: StepSeries, span: Span, notes: Notes): number | undefined {
  const text = series.labels.get('le') ?? '';
  const bound = parseFloatText(text);
  if (bound === undefined && series.present.includes(1)) {
    const label = `bucket label "le" is missing or has a malformed value of ${quoteText(text)}`;
    notes.warn(span, `${label}${forMetric(series.labels.get(metricName) ?? '')}`);
  }
  return bound;
}

/** The buckets of a group that have a sample at a step. */
export function bucketsAt(group: BucketGroup, step: number): readonly Bucket[] {
  return group.members.flatMap((series, index) =>
    series.present[step] === 1
      ? [{ upperBound: group.bounds[index] ?? Number.NaN, count: series.values[step] ?? Number.NaN }]
      : [],
  );
}
