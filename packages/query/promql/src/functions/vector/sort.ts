import { compareLabels } from '@maru/query-core';
import type { StepSeries, Value } from '../../evaluate/values.ts';
import { type CallInput, type FunctionDefinition, whole } from '../definition.ts';
import { compareNatural } from './natural-order.ts';

type Compare = (left: StepSeries, right: StepSeries) => number;

export const sort: FunctionDefinition = whole(
  'sort',
  'by value, ascending; instant queries only',
  ['vector'],
  (input) => sorted(onlyNumbers(input), compareValues(1)),
);

export const sortDesc: FunctionDefinition = whole(
  'sort_desc',
  'by value, descending; instant queries only',
  ['vector'],
  (input) => sorted(onlyNumbers(input), compareValues(-1)),
);

const byLabelOptions = { isVariadic: true, optionalCount: 1, isExperimental: true } as const;

export const sortByLabel: FunctionDefinition = whole(
  'sort_by_label',
  'by the natural order of labels; instant queries only',
  ['vector', 'string'],
  (input) => sorted(input, compareByLabels(input.values.slice(1), 1)),
  byLabelOptions,
);

export const sortByLabelDesc: FunctionDefinition = whole(
  'sort_by_label_desc',
  'by the natural order of labels, descending; instant queries only',
  ['vector', 'string'],
  (input) => sorted(input, compareByLabels(input.values.slice(1), -1)),
  byLabelOptions,
);

function sorted({ values: [vector], call, context, notes }: CallInput, compare: Compare): Value {
  const series = vector?.kind === 'vector' ? vector.series : [];
  if (context.query.stepMs > 0) {
    const where = 'sort is ineffective for range queries since results are always ordered by labels';
    notes.warn(call.span, where);
    return { kind: 'vector', series };
  }
  return { kind: 'vector', series: series.toSorted(compare) };
}

/** Histograms have no order, so they are not there in what is sorted by value. */
function onlyNumbers(input: CallInput): CallInput {
  const [vector] = input.values;
  if (vector?.kind !== 'vector') return input;
  // There may be many steps, and a series may be missing at the first of them.
  const series = vector.series.filter((one) => one.present.includes(1));
  const numbers = series.map((one) => ({ ...one, histograms: undefined }));
  return { ...input, values: [{ kind: 'vector', series: numbers }] };
}

/** NaN comes last in both directions. */
function compareValues(direction: 1 | -1): Compare {
  return (left, right) => {
    const [a, b] = [left.values[0] ?? Number.NaN, right.values[0] ?? Number.NaN];
    if (Number.isNaN(a) || Number.isNaN(b)) return Number(Number.isNaN(a)) - Number(Number.isNaN(b));
    return direction * (a - b || 0);
  };
}

function compareByLabels(names: readonly Value[], direction: 1 | -1): Compare {
  return (left, right) => {
    for (const name of names) {
      const label = name.kind === 'string' ? name.value : '';
      const order = compareNatural(left.labels.get(label) ?? '', right.labels.get(label) ?? '');
      if (order !== 0) return direction * order;
    }
    return direction * compareLabels(left.labels, right.labels);
  };
}
