import { labelsKey, printDecimal, QueryError, quoteText, withLabel } from '@maru/query-core';
import { isPresent, type StepSeries } from '../evaluate/values.ts';
import { printHistogram } from '../histogram/print-histogram.ts';
import type { Aggregator, Group } from './definition.ts';

export const countValues: Aggregator = {
  name: 'count_values',
  takesHistograms: true,
  addsSameLabels: true,
  summary: 'how often each value occurs, the value in a label of that name',
  checkParameter: ({ text }) => {
    if (text === '' || !text.isWellFormed()) {
      throw new QueryError('execution', `invalid label name ${quoteText(text)}`);
    }
  },
  aggregate: (group, { stepCount, text }) => countGroup(group, stepCount, text),
};

function countGroup(group: Group, stepCount: number, label: string): readonly StepSeries[] {
  const byKey = new Map<string, StepSeries>();
  for (const member of group.members) {
    for (let step = 0; step < stepCount; step += 1) {
      if (!isPresent(member, step)) continue;
      const histogram = member.histograms?.[step];
      const value = histogram ? printHistogram(histogram) : printDecimal(member.values[step] ?? Number.NaN);
      const series = counterFor(byKey, group, stepCount, label, value);
      series.values[step] = (series.values[step] ?? 0) + 1;
      series.present[step] = 1;
    }
  }
  return [...byKey.values()];
}

function counterFor(
  byKey: Map<string, StepSeries>,
  { identity }: Group,
  stepCount: number,
  label: string,
  value: string,
): StepSeries {
  const labels = withLabel(identity.labels, label, value);
  const key = labelsKey(labels);
  const known = byKey.get(key);
  if (known !== undefined) return known;
  const dropName = identity.dropName && label !== '__name__';
  const made = { labels, dropName, values: new Float64Array(stepCount), present: new Uint8Array(stepCount) };
  byKey.set(key, made);
  return made;
}
