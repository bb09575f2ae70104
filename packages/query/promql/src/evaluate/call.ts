import { metricName } from '@maru/query-core';
import type { EachSampleEvaluation, OverTimeEvaluation, WindowNotes } from '../functions/definition.ts';
import { forMetric } from '../functions/metric-note.ts';
import { functionNamed } from '../functions/table.ts';
import { vectorOf } from '../functions/vector/convert.ts';
import type { Call } from '../syntax/ast.ts';
import type { EvaluationContext } from './context.ts';
import { type Identity, mergeSameLabels, withoutName } from './names.ts';
import {
  emptySteps,
  type MatrixValue,
  type RangeSeries,
  type ScalarValue,
  type StepSeries,
  stepTime,
  type Value,
  type VectorValue,
} from './values.ts';
import { Window } from './window.ts';

/** Computes a function from its evaluated arguments. */
export async function applyCall(
  context: EvaluationContext,
  call: Call,
  values: readonly Value[],
): Promise<Value> {
  const evaluation = functionNamed(call.name)?.evaluation;
  switch (evaluation?.kind) {
    case 'overTime':
      return runOverTime(context, call, values, evaluation);
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

async function runOverTime(
  context: EvaluationContext,
  call: Call,
  values: readonly Value[],
  evaluation: OverTimeEvaluation,
): Promise<VectorValue> {
  const rangeIndex = values.findIndex((value) => value.kind === 'matrix');
  const matrix = values[rangeIndex] as MatrixValue;
  const span = call.arguments[rangeIndex]?.span ?? call.span;
  const notes: WindowNotes = {
    warn: (message) => context.notes.warn(span, message),
    info: (message) => context.notes.info(span, message),
  };
  const scalars = scalarArguments(values);
  const series: StepSeries[] = [];
  for (const one of matrix.series) {
    if (context.budget.isDue) await context.budget.rest();
    const result = computeWindows(context, one, matrix, scalars, evaluation, notes);
    if (result === undefined) continue;
    if (one.times.length > 0) evaluation.inspect?.(one.labels.get(metricName) ?? '', notes);
    series.push(result);
  }
  return { kind: 'vector', series: mergeSameLabels(series) };
}

function computeWindows(
  context: EvaluationContext,
  series: RangeSeries,
  { windows }: MatrixValue,
  scalars: readonly Float64Array[],
  evaluation: OverTimeEvaluation,
  notes: WindowNotes,
): StepSeries | undefined {
  const { grid } = context;
  const values = new Float64Array(grid.count);
  const present = new Uint8Array(grid.count);
  // Most series have none: a list of steps for each of them would cost more than the numbers do.
  const histograms = series.histograms === undefined ? undefined : emptySteps(grid.count);
  const window = new Window(series, windows.extension);
  const at = scalars.map(() => 0);
  let found = 0;
  for (let step = 0; step < grid.count; step += 1) {
    const end = windows.firstEndMs + step * windows.stepMs;
    window.moveTo(end - windows.rangeMs, end);
    if (window.isEmpty && window.mode !== 'smoothed') continue;
    if (evaluation.takesHistograms !== true) {
      if (window.count === 0) continue;
      if (window.histogramCount > 0) notes.info(ignoredText(window.metric));
    }
    window.stepMs = stepTime(grid, step);
    scalars.forEach((scalar, index) => {
      at[index] = scalar[step] ?? Number.NaN;
    });
    const value = evaluation.run(window, at, notes);
    if (value === undefined) continue;
    found += 1;
    if (typeof value === 'number') {
      values[step] = value;
      present[step] = 1;
    } else if (histograms !== undefined) histograms[step] = value;
  }
  if (found === 0) return undefined;
  const identity = identityOf(series, evaluation.keepsName === true, context);
  return { ...identity, values, present, histograms };
}

function ignoredText(metric: string): string {
  return `ignored histograms in a range containing both floats and histograms${forMetric(metric)}`;
}

function identityOf(series: Identity, keepsName: boolean, context: EvaluationContext): Identity {
  if (keepsName) return { labels: series.labels, dropName: series.dropName };
  return withoutName(series, context.settings);
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
