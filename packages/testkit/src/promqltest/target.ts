import type { WrittenHistogram } from '@maru/promql';
import type { Labels } from '@maru/query-core';
import type { EvalCommand, LoadCommand } from './script.ts';

/** What scripts run on: an engine with a store, in this process or behind HTTP. `H` is how it shows native histograms. */
export interface ScriptTarget<H> {
  /** Forgets all series. */
  clear(): Promise<void>;
  load(command: LoadCommand): Promise<void>;
  /** Evaluates the query of a command; a refusal is an answer too. */
  ask(command: EvalCommand): Promise<Answer<H> | Refused>;
  readonly histograms: HistogramComparison<H>;
}

/** Why a query was refused. */
export interface Refused {
  readonly failure: string;
}

export interface Answer<H> {
  readonly value: AnswerValue<H>;
  readonly warnings: readonly string[];
  readonly infos: readonly string[];
}

export type AnswerValue<H> =
  | { readonly type: 'scalar'; readonly value: number }
  | { readonly type: 'string'; readonly value: string }
  | { readonly type: 'vector' | 'matrix'; readonly series: readonly AnswerSeries<H>[] };

/** Samples by time in milliseconds; histograms are not among `times` and `values`. */
export interface AnswerSeries<H> {
  readonly labels: Labels;
  readonly times: ArrayLike<number>;
  readonly values: ArrayLike<number>;
  readonly histograms?:
    | { readonly times: ArrayLike<number>; readonly samples: readonly (H | undefined)[] }
    | undefined;
}

/** How a histogram is compared with the one that a script expects. */
export interface HistogramComparison<H> {
  /** In one sentence; `undefined` when they are the same as far as the target can show. */
  difference(got: H, wanted: WrittenHistogram): string | undefined;
  print(got: H): string;
  /** Whether the target shows counter-reset hints. */
  readonly showsHints: boolean;
}
