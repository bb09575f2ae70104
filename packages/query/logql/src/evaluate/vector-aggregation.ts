import { type Labels, labelsKey, onlyLabels, withoutLabels } from '@maru/query-core';
import type { Grouping, VectorFunction } from '../syntax/ast.ts';
import type { Series } from './matrix.ts';

/** A statistic of the values of one group at one step; `values` is never empty. */
type Statistic = (values: readonly number[]) => number;

const sum: Statistic = (values) => values.reduce((total, value) => total + value, 0);
const average: Statistic = (values) => sum(values) / values.length;
const variance: Statistic = (values) => {
  const mean = average(values);
  return average(values.map((value) => (value - mean) ** 2));
};

const statistics: Readonly<Partial<Record<VectorFunction, Statistic>>> = {
  sum,
  avg: average,
  count: (values) => values.length,
  min: (values) => Math.min(...values),
  max: (values) => Math.max(...values),
  stddev: (values) => Math.sqrt(variance(values)),
  stdvar: variance,
};

/** Whether the function makes one series of each group. */
export function isStatistic(name: VectorFunction): boolean {
  return statistics[name] !== undefined;
}

/** Aggregates series by group, step by step. */
export function aggregate(
  name: VectorFunction,
  parameter: number | undefined,
  grouping: Grouping | undefined,
  series: readonly Series[],
): readonly Series[] {
  const groups = Map.groupBy(series, ({ labels }) => labelsKey(groupLabels(labels, grouping)));
  const statistic = statistics[name];
  return [...groups.values()].flatMap((group) =>
    statistic === undefined
      ? ranked(group, parameter ?? group.length, name === 'bottomk')
      : [
          {
            labels: groupLabels(group[0]?.labels ?? new Map(), grouping),
            values: overSteps(group, statistic),
          },
        ],
  );
}

function groupLabels(labels: Labels, grouping: Grouping | undefined): Labels {
  const names = new Set(grouping?.labels);
  return grouping?.without ? withoutLabels(labels, names) : onlyLabels(labels, names);
}

function overSteps(group: readonly Series[], statistic: Statistic): Float64Array {
  const steps = group[0]?.values.length ?? 0;
  return Float64Array.from({ length: steps }, (_, step) => {
    const values = group
      .map(({ values }) => values[step] ?? Number.NaN)
      .filter((value) => !Number.isNaN(value));
    return values.length === 0 ? Number.NaN : statistic(values);
  });
}

/** topk and bottomk: at each step only the first `count` keep their value. */
function ranked(group: readonly Series[], count: number, smallest: boolean): readonly Series[] {
  const kept = group.map(({ labels, values }) => ({
    labels,
    values: new Float64Array(values.length).fill(Number.NaN),
  }));
  const steps = group[0]?.values.length ?? 0;
  for (let step = 0; step < steps; step += 1) {
    for (const index of firstAt(group, step, count, smallest)) {
      const target = kept[index];
      if (target !== undefined) target.values[step] = group[index]?.values[step] ?? Number.NaN;
    }
  }
  return kept.filter(({ values }) => values.some((value) => !Number.isNaN(value)));
}

function firstAt(
  group: readonly Series[],
  step: number,
  count: number,
  smallest: boolean,
): readonly number[] {
  const valueAt = (index: number): number => group[index]?.values[step] ?? Number.NaN;
  return [...group.keys()]
    .filter((index) => !Number.isNaN(valueAt(index)))
    .sort((left, right) => (smallest ? valueAt(left) - valueAt(right) : valueAt(right) - valueAt(left)))
    .slice(0, count);
}
