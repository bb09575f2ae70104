import { isSetOperator } from '../check/operators.ts';
import type { EvaluationContext } from '../evaluate/context.ts';
import { mergeSameLabels, withoutName } from '../evaluate/names.ts';
import type { ScalarValue, StepSeries, Value, VectorValue } from '../evaluate/values.ts';
import type { NativeHistogram } from '../histogram/native-histogram.ts';
import type { Binary } from '../syntax/ast.ts';
import type { Refused, SampleValue } from './histogram-operation.ts';
import { type Operation, operationOf } from './operation.ts';
import { applySetOperator } from './set-operators.ts';
import { matchVectors } from './vector-matching.ts';

/** Computes a binary operator from its evaluated sides. */
export async function applyBinary(
  context: EvaluationContext,
  binary: Binary,
  left: Value,
  right: Value,
): Promise<Value> {
  if (left.kind === 'vector' && right.kind === 'vector') {
    if (isSetOperator(binary.operator)) return applySetOperator(binary, binary.operator, left, right);
    return matchVectors(context, binary, left, right);
  }
  const operation = operationOf(binary, context.notes);
  if (left.kind === 'scalar' && right.kind === 'scalar') return scalarWithScalar(operation, left, right);
  if (left.kind === 'vector' && right.kind === 'scalar') {
    return eachWithScalar(context, left, operation, {
      number: (step, value) => operation.compute(value, right.values[step] ?? Number.NaN, value),
      histogram: (step, value) => operation.mixed(value, right.values[step] ?? Number.NaN),
    });
  }
  if (left.kind === 'scalar' && right.kind === 'vector') {
    return eachWithScalar(context, right, operation, {
      number: (step, value) => operation.compute(left.values[step] ?? Number.NaN, value, value),
      histogram: (step, value) => operation.mixed(left.values[step] ?? Number.NaN, value),
    });
  }
  throw new TypeError(`${left.kind} ${binary.operator} ${right.kind} was not refused by the check`);
}

function scalarWithScalar(operation: Operation, left: ScalarValue, right: ScalarValue): ScalarValue {
  const values = left.values.map((value, step) => {
    const other = right.values[step] ?? Number.NaN;
    return kept(operation.compute(value, other, value)) ?? Number.NaN;
  });
  return { kind: 'scalar', values };
}

function kept<Result>(result: Result | Refused | undefined): Result | undefined {
  return result === 'refused' ? undefined : result;
}

/** An operator with its scalar side filled in. */
interface StepOperation {
  readonly number: (step: number, value: number) => number | Refused | undefined;
  readonly histogram: (step: number, value: NativeHistogram) => SampleValue | Refused | undefined;
}

async function eachWithScalar(
  context: EvaluationContext,
  vector: VectorValue,
  operation: Operation,
  compute: StepOperation,
): Promise<VectorValue> {
  const series: StepSeries[] = [];
  for (const one of vector.series) {
    if (context.budget.isDue) await context.budget.rest();
    const identity = operation.dropsName ? withoutName(one, context.settings) : one;
    series.push({ ...identity, ...computeSteps(one, compute) });
  }
  return { kind: 'vector', series: mergeSameLabels(series) };
}

function computeSteps(
  series: StepSeries,
  compute: StepOperation,
): Pick<StepSeries, 'values' | 'present' | 'histograms'> {
  const values = new Float64Array(series.values.length);
  const present = new Uint8Array(series.values.length);
  for (let step = 0; step < values.length; step += 1) {
    if (series.present[step] === 0) continue;
    const result = kept(compute.number(step, series.values[step] ?? Number.NaN));
    if (result === undefined) continue;
    values[step] = result;
    present[step] = 1;
  }
  const histograms = series.histograms?.map((histogram, step) => {
    const result = histogram && kept(compute.histogram(step, histogram));
    if (typeof result !== 'number') return result;
    values[step] = result;
    present[step] = 1;
    return undefined;
  });
  return { values, present, histograms };
}
