import { labelsKey, metricName, parseFloatText, quoteText, type Span, withLabel } from '@maru/query-core';
import type { Notes } from '../../evaluate/notes.ts';
import type { StepSeries, Value } from '../../evaluate/values.ts';
import { forMetric } from '../metric-note.ts';
import type { BucketSteps } from './buckets.ts';

/** The bucket series of one histogram: the same labels but `le`. */
export interface BucketGroup {
  readonly identity: StepSeries;
  readonly members: readonly (StepSeries & BucketSteps)[];
}

/** Sorts bucket series into their histograms. Series without a readable `le` are left out, with a warning. */
export function collectBuckets(value: Value | undefined, span: Span, notes: Notes): readonly BucketGroup[] {
  const groups = new Map<string, { identity: StepSeries; members: (StepSeries & BucketSteps)[] }>();
  for (const series of value?.kind === 'vector' ? value.series : []) {
    const upperBound = boundOf(series, span, notes);
    if (upperBound === undefined) continue;
    const labels = withLabel(series.labels, 'le', '');
    const key = labelsKey(labels);
    const group = groups.get(key) ?? { identity: { ...series, labels }, members: [] };
    group.members.push({ ...series, upperBound });
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
