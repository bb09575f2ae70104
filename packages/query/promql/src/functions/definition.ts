import type { ValueType } from '../check/types.ts';
import type { EvaluationContext } from '../evaluate/context.ts';
import type { Notes } from '../evaluate/notes.ts';
import type { RangeSeries, Value, Windows } from '../evaluate/values.ts';
import type { Window } from '../evaluate/window.ts';
import type { NativeHistogram } from '../histogram/native-histogram.ts';
import type { Call } from '../syntax/ast.ts';

/** One PromQL function: all that the checker, the evaluator and the reference page know of it. */
export interface FunctionDefinition {
  readonly name: string;
  /** One line for the reference page and the editor's completion. */
  readonly summary: string;
  readonly parameters: readonly ValueType[];
  /** How many of the last parameters may be left out. */
  readonly optionalCount: number;
  /** Whether the last parameter may be repeated. */
  readonly isVariadic: boolean;
  readonly returns: ValueType;
  /** Switched off in a default Prometheus 3. */
  readonly isExperimental?: boolean;
  readonly evaluation: Evaluation;
}

/** How a function is computed; the driver for each kind stands in `evaluate/call.ts`. */
export type Evaluation =
  | OverTimeEvaluation
  | EachSampleEvaluation
  | WholeEvaluation
  /** Gives the time of the samples that a selector finds, not their values; else as `whole`. */
  | { readonly kind: 'sampleTimes'; readonly run: RunWhole }
  /** Gives the start time of the samples that a selector finds; else as `whole`. */
  | { readonly kind: 'sampleStarts'; readonly run: RunWhole }
  /** As `whole`; after the arguments comes the vector of the times of the samples that the last one, a selector, finds. */
  | { readonly kind: 'withSampleTimes'; readonly run: RunWhole };

/** One number from one series' window, or none. */
export interface OverTimeEvaluation {
  readonly kind: 'overTime';
  readonly keepsName?: boolean;
  /**
   * @param window with a number in it (or a histogram, for those that take them); valid during the call only
   * @param scalars the call's scalar arguments at this step, in order
   */
  readonly run: (
    window: Window,
    scalars: readonly number[],
    notes: WindowNotes,
  ) => number | NativeHistogram | undefined;
  /** Whether native histograms count; else they are left out, with a note where numbers stand beside them. */
  readonly takesHistograms?: boolean;
  /**
   * The same for all windows of a series at once, where that is quicker: for cumulative numbers without start times. Gives
   * how many steps have a value.
   */
  readonly runNumbers?: (series: RangeSeries, windows: Windows, steps: NumberSteps) => number;
  /** Looks once at each metric for which something came out. */
  readonly inspect?: (metric: string, notes: WindowNotes) => void;
}

/** One number a step, to be filled in: `present` is 1 where there is one. */
export interface NumberSteps {
  readonly values: Float64Array;
  readonly present: Uint8Array;
}

/** Notes about the function's range argument. */
export interface WindowNotes {
  warn(message: string): void;
  info(message: string): void;
}

/** One number from one sample, or none. */
export interface EachSampleEvaluation {
  readonly kind: 'eachSample';
  readonly run: (value: number, scalars: readonly number[]) => number | undefined;
  /** Whether the evaluation time stands in for a left-out vector. */
  readonly timeByDefault?: boolean;
}

/** Anything that needs more than one sample at a time. */
export interface WholeEvaluation {
  readonly kind: 'whole';
  readonly run: RunWhole;
}

export type RunWhole = (input: CallInput) => Value;

export interface CallInput {
  readonly call: Call;
  readonly values: readonly Value[];
  readonly context: EvaluationContext;
  readonly notes: Notes;
}

/** A function of one range vector and, before or after it, scalars. */
export function overTime(
  name: string,
  summary: string,
  run: OverTimeEvaluation['run'],
  options: Partial<FunctionDefinition> & Partial<Omit<OverTimeEvaluation, 'kind' | 'run'>> = {},
): FunctionDefinition {
  const { keepsName, takesHistograms, runNumbers, inspect, ...definition } = options;
  const evaluation: OverTimeEvaluation = {
    kind: 'overTime',
    run,
    ...(keepsName === undefined ? {} : { keepsName }),
    ...(takesHistograms === undefined ? {} : { takesHistograms }),
    ...(runNumbers === undefined ? {} : { runNumbers }),
    ...(inspect === undefined ? {} : { inspect }),
  };
  return { ...vectorFunction(name, summary, ['matrix']), evaluation, ...definition };
}

/** A function of each sample of an instant vector by itself. */
export function eachSample(
  name: string,
  summary: string,
  run: EachSampleEvaluation['run'],
  options: Partial<FunctionDefinition> = {},
): FunctionDefinition {
  return {
    ...vectorFunction(name, summary, ['vector']),
    evaluation: { kind: 'eachSample', run },
    ...options,
  };
}

/** A function of whole values. */
export function whole(
  name: string,
  summary: string,
  parameters: readonly ValueType[],
  run: RunWhole,
  options: Partial<FunctionDefinition> = {},
): FunctionDefinition {
  return { ...vectorFunction(name, summary, parameters), evaluation: { kind: 'whole', run }, ...options };
}

function vectorFunction(
  name: string,
  summary: string,
  parameters: readonly ValueType[],
): Omit<FunctionDefinition, 'evaluation'> {
  return { name, summary, parameters, optionalCount: 0, isVariadic: false, returns: 'vector' };
}
