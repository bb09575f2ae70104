import { scaleHistogram } from '../histogram/combine.ts';
import type { Unary } from '../syntax/ast.ts';
import type { EvaluationContext } from './context.ts';
import { mergeSameLabels, withoutName } from './names.ts';
import type { Value } from './values.ts';

/** A sign before a value. A plus changes nothing, not even the name. */
export function applyUnary(context: EvaluationContext, unary: Unary, value: Value): Value {
  if (unary.operator === '+') return value;
  if (value.kind === 'scalar') return { kind: 'scalar', values: negated(value.values) };
  if (value.kind !== 'vector')
    throw new TypeError(`a sign before a ${value.kind} was not refused by the check`);
  const series = value.series.map((one) => ({
    ...withoutName(one, context.settings),
    values: negated(one.values),
    present: one.present,
    histograms: one.histograms?.map((histogram) => histogram && scaleHistogram(histogram, -1)),
  }));
  return { kind: 'vector', series: mergeSameLabels(series) };
}

function negated(values: Float64Array): Float64Array {
  return values.map((value) => -value);
}
