import { type Labels, labelKey, labelsKey, metricName, onlyLabels, withoutLabels } from '@maru/query-core';
import type { EvaluationContext } from '../evaluate/context.ts';
import { mergeSameLabels } from '../evaluate/names.ts';
import type { Notes } from '../evaluate/notes.ts';
import type { StepSeries, Value, VectorValue } from '../evaluate/values.ts';
import { histogramNotes } from '../histogram/notes.ts';
import type { Aggregation } from '../syntax/ast.ts';
import type { AggregationInput, Group } from './definition.ts';
import { aggregatorNamed } from './table.ts';

/** Computes an aggregation from its evaluated vector and parameter. */
export async function applyAggregation(
  context: EvaluationContext,
  aggregation: Aggregation,
  value: Value,
  parameter: Value | undefined,
): Promise<VectorValue> {
  const aggregator = aggregatorNamed(aggregation.operator);
  if (aggregator === undefined || value.kind !== 'vector') {
    throw new TypeError(`${aggregation.operator} of ${value.kind} was not refused by the check`);
  }
  const input = inputOf(context, aggregation, parameter);
  aggregator.checkParameter?.(input);
  const series: StepSeries[] = [];
  for (const group of groupsOf(aggregation, value.series)) {
    if (context.budget.isDue) await context.budget.rest();
    if (aggregator.takesHistograms !== true) noteIgnored(aggregation, group, context.notes);
    series.push(...aggregator.aggregate(group, input));
  }
  return {
    kind: 'vector',
    series: aggregator.addsSameLabels ? addSameLabels(series) : mergeSameLabels(series),
  };
}

/** `count_values` sets a label before it groups, so groups that only this label told apart are one. */
function addSameLabels(series: readonly StepSeries[]): readonly StepSeries[] {
  const byKey = new Map<string, StepSeries>();
  for (const one of series) {
    const key = labelsKey(one.labels);
    const known = byKey.get(key);
    byKey.set(key, known === undefined ? one : sumOf(known, one));
  }
  return [...byKey.values()];
}

function sumOf(left: StepSeries, right: StepSeries): StepSeries {
  return {
    ...left,
    values: left.values.map((value, step) => value + (right.values[step] ?? 0)),
    present: left.present.map((present, step) => present | (right.present[step] ?? 0)),
  };
}

function noteIgnored({ operator, expression }: Aggregation, group: Group, notes: Notes): void {
  const hasHistogram = group.members.some((one) => one.histograms?.some((histogram) => histogram));
  if (hasHistogram) notes.info(expression.span, histogramNotes.ignoredIn(operator));
}

function inputOf(
  context: EvaluationContext,
  aggregation: Aggregation,
  parameter: Value | undefined,
): AggregationInput {
  return {
    stepCount: context.grid.count,
    parameters: parameter?.kind === 'scalar' ? parameter.values : new Float64Array(),
    text: parameter?.kind === 'string' ? parameter.value : '',
    notes: context.notes,
    parameterSpan: aggregation.parameter?.span ?? aggregation.span,
    expressionSpan: aggregation.expression.span,
  };
}

function groupsOf(aggregation: Aggregation, series: readonly StepSeries[]): Iterable<Group> {
  const grouping = groupingOf(aggregation);
  const groups = new Map<string, { labels: Labels; dropName: boolean; members: StepSeries[] }>();
  for (const one of series) {
    const key = grouping.key(one.labels);
    const known = groups.get(key);
    // A name that falls from one member falls from the group.
    if (known === undefined) {
      groups.set(key, { labels: grouping.labels(one.labels), dropName: one.dropName, members: [one] });
    } else {
      known.members.push(one);
      known.dropName ||= one.dropName;
    }
  }
  return [...groups.values()].map(({ labels, dropName, members }) => ({
    identity: { labels, dropName },
    members,
  }));
}

/** Which group a series falls in. The key is made for each series, the labels once a group. */
export interface Grouping {
  readonly key: (labels: Labels) => string;
  readonly labels: (labels: Labels) => Labels;
}

export function groupingOf({ grouping, without }: Pick<Aggregation, 'grouping' | 'without'>): Grouping {
  if (!without) {
    const names = new Set(grouping);
    return { key: (labels) => keyOfNames(labels, names), labels: (labels) => onlyLabels(labels, names) };
  }
  const names = new Set([...grouping, metricName]);
  const rest = (labels: Labels) => withoutLabels(labels, names);
  return { key: (labels) => labelsKey(rest(labels)), labels: rest };
}

function keyOfNames(labels: Labels, names: ReadonlySet<string>): string {
  let key = '';
  for (const name of names) {
    const value = labels.get(name);
    if (value !== undefined) key += labelKey(name, value);
  }
  return key;
}
