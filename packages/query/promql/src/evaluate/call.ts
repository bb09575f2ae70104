import type { EachSampleEvaluation } from '../functions/definition.ts';
import { functionNamed } from '../functions/table.ts';
import { vectorOf } from '../functions/vector/convert.ts';
import type { Call } from '../syntax/ast.ts';
import type { EvaluationContext } from './context.ts';
import { mergeSameLabels, withoutName } from './names.ts';
import { type ScalarValue, type StepSeries, stepTime, type Value, type VectorValue } from './values.ts';

/** Computes a function from its evaluated arguments; those over time are computed by `applyOverTime`. */
export async function applyCall(
  context: EvaluationContext,
  call: Call,
  values: readonly Value[],
): Promise<Value> {
  const evaluation = functionNamed(call.name)?.evaluation;
  switch (evaluation?.kind) {
    case 'eachSample':
      return runEachSample(context, values, evaluation);
    case 'whole':
    case 'sampleTimes':
    case 'sampleStarts':
    case 'withSampleTimes':
      return evaluation.run({ call, values, context, notes: context.notes });
    default:
      throw new TypeError(`function ${call.name} was not refused by the check`);
  }
}

function scalarArguments(values: readonly Value[]): readonly Float64Array[] {
  return values.filter((value): value is ScalarValue => value.kind === 'scalar').map((value) => value.values);
}

async function runEachSample(
  context: EvaluationContext,
  values: readonly Value[],
  evaluation: EachSampleEvaluation,
): Promise<VectorValue> {
  const vector = values.find((value) => value.kind === 'vector') ?? evaluationTimes(context);
  const scalars = scalarArguments(values);
  const series: StepSeries[] = [];
  for (const one of vector.series) {
    if (context.budget.isDue) await context.budget.rest();
    series.push(computeSamples(context, one, scalars, evaluation));
  }
  return { kind: 'vector', series: mergeSameLabels(series) };
}

function evaluationTimes({ grid }: EvaluationContext): VectorValue {
  return vectorOf(Float64Array.from({ length: grid.count }, (_, step) => stepTime(grid, step) / 1000));
}

function computeSamples(
  context: EvaluationContext,
  series: StepSeries,
  scalars: readonly Float64Array[],
  evaluation: EachSampleEvaluation,
): StepSeries {
  const values = new Float64Array(series.values.length);
  const present = new Uint8Array(series.values.length);
  for (let step = 0; step < values.length; step += 1) {
    if (series.present[step] === 0) continue;
    const at = scalars.map((scalar) => scalar[step] ?? Number.NaN);
    const value = evaluation.run(series.values[step] ?? Number.NaN, at);
    if (value === undefined) continue;
    values[step] = value;
    present[step] = 1;
  }
  return { ...withoutName(series, context.settings), values, present };
}
