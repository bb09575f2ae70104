import { metricName, type Span } from '@maru/query-core';
import type { OverTimeEvaluation, WindowNotes } from '../functions/definition.ts';
import { forMetric } from '../functions/metric-note.ts';
import type { EvaluationContext } from './context.ts';
import { type Identity, mergeSameLabels, metricKey, withoutName } from './names.ts';
import { StepSlab } from './step-slab.ts';
import {
  emptySteps,
  type MatrixValue,
  type RangeSeries,
  type StepSeries,
  stepTime,
  type VectorValue,
  type Windows,
} from './values.ts';
import { Window } from './window.ts';

/** Where the series of a range vector come from: one after another, so that not all have to be held. */
export interface RangeSource {
  readonly windows: Windows;
  /** Hands each series to `use`; it may be used during the call only. */
  each(use: (series: RangeSeries) => void): Promise<void>;
}

/** A range vector that was computed, as a source. */
export function sourceOf({ series, windows }: MatrixValue, { budget }: EvaluationContext): RangeSource {
  return {
    windows,
    each: async (use) => {
      for (const one of series) {
        if (budget.isDue) await budget.rest();
        use(one);
      }
    },
  };
}

/** What a function is applied to: its range vector, and its scalars at each step. */
export interface OverTimeArguments {
  readonly source: RangeSource;
  readonly scalars: readonly Float64Array[];
  /** Where the range vector stands in the query. */
  readonly span: Span;
}

/** Computes a function of the windows of a range vector, series by series. */
export async function applyOverTime(
  context: EvaluationContext,
  evaluation: OverTimeEvaluation,
  over: OverTimeArguments,
): Promise<VectorValue> {
  const series: StepSeries[] = [];
  const slab = new StepSlab(context.grid.count);
  const metrics = await eachOverTime(context, evaluation, over, slab, (one) => series.push(one));
  // Series of one metric differ in their other labels, so none can come to be like another without its name.
  return { kind: 'vector', series: metrics <= 1 ? series : mergeSameLabels(series) };
}

/** Where the steps of a series of numbers are computed. */
export type StepMemory = Pick<StepSlab, 'take' | 'giveBack'>;

/**
 * Hands on what a function gives for each series, in turn.
 *
 * @param use told, too, of how many metrics the series so far are
 * @returns how many metrics the series are of
 */
export async function eachOverTime(
  context: EvaluationContext,
  evaluation: OverTimeEvaluation,
  { source, scalars, span }: OverTimeArguments,
  memory: StepMemory,
  use: (series: StepSeries, metrics: number) => void,
): Promise<number> {
  const notes: WindowNotes = {
    warn: (message) => context.notes.warn(span, message),
    info: (message) => context.notes.info(span, message),
  };
  const metrics = new Set<string>();
  const inspected = new Set<string>();
  const compute = stepsOf(context, source.windows, scalars, evaluation, notes, memory);
  await source.each((one) => {
    const steps = compute(one);
    if (steps === undefined) return;
    const metric = metricKey(one.labels);
    metrics.add(metric);
    if (one.times.length > 0 && !inspected.has(metric)) {
      inspected.add(metric);
      evaluation.inspect?.(one.labels.get(metricName) ?? '', notes);
    }
    use({ ...identityOf(one, evaluation.keepsName === true, context), ...steps }, metrics.size);
  });
  return metrics.size;
}

type Steps = Pick<StepSeries, 'values' | 'present' | 'histograms'>;

/** How the steps of one series are computed; nothing when it has none. */
function stepsOf(
  context: EvaluationContext,
  windows: Windows,
  scalars: readonly Float64Array[],
  evaluation: OverTimeEvaluation,
  notes: WindowNotes,
  memory: StepMemory,
): (series: RangeSeries) => Steps | undefined {
  const { runNumbers } = evaluation;
  const eachWindow = (series: RangeSeries): Steps | undefined =>
    computeWindows(context, series, windows, scalars, evaluation, notes);
  if (runNumbers === undefined || windows.extension !== undefined) return eachWindow;
  return (series) => {
    if (series.histograms !== undefined || series.starts !== undefined || series.isDelta)
      return eachWindow(series);
    const steps = memory.take();
    if (runNumbers(series, windows, steps) > 0) return steps;
    memory.giveBack();
    return undefined;
  };
}

function computeWindows(
  context: EvaluationContext,
  series: RangeSeries,
  windows: Windows,
  scalars: readonly Float64Array[],
  evaluation: OverTimeEvaluation,
  notes: WindowNotes,
): Steps | undefined {
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
    for (let index = 0; index < scalars.length; index += 1) at[index] = scalars[index]?.[step] ?? Number.NaN;
    const value = evaluation.run(window, at, notes);
    if (value === undefined) continue;
    found += 1;
    if (typeof value === 'number') {
      values[step] = value;
      present[step] = 1;
    } else if (histograms !== undefined) histograms[step] = value;
  }
  return found === 0 ? undefined : { values, present, histograms };
}

function ignoredText(metric: string): string {
  return `ignored histograms in a range containing both floats and histograms${forMetric(metric)}`;
}

function identityOf(series: Identity, keepsName: boolean, context: EvaluationContext): Identity {
  if (keepsName) return { labels: series.labels, dropName: series.dropName };
  return withoutName(series, context.settings);
}
