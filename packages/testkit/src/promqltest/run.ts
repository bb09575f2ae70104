import type { NativeHistogram, PromqlSettings } from '@maru/promql';
import type { Store } from '@maru/store';
import { compareResult } from './compare.ts';
import { ScriptLoader } from './load.ts';
import { type EvalCommand, type OutcomeExpectation, readScript } from './script.ts';
import { storeTarget } from './store-target.ts';
import type { Answer, Refused, ScriptTarget } from './target.ts';

/** How one query of a script went; `problem` is absent when it gave what it should. */
export interface ScriptOutcome {
  readonly line: number;
  readonly expression: string;
  readonly problem: string | undefined;
  /** What of the expected result the target cannot show; the rest was compared. */
  readonly unseen: string | undefined;
}

/**
 * Runs a script in the format of Prometheus's acceptance tests, with a real store underneath. The store must be empty
 * and is left empty.
 */
export function runPromqlScript(
  text: string,
  store: Store,
  settings: Partial<PromqlSettings> = {},
): Promise<readonly ScriptOutcome[]> {
  return runScriptOn<NativeHistogram>(text, storeTarget(store, settings));
}

/** Runs a script on a target, which must be empty and is left empty. */
export async function runScriptOn<H>(
  text: string,
  target: ScriptTarget<H>,
): Promise<readonly ScriptOutcome[]> {
  const outcomes: ScriptOutcome[] = [];
  for (const command of readScript(text)) {
    if (command.kind === 'clear') await target.clear();
    else if (command.kind === 'load') await target.load(command);
    else outcomes.push(await runEval(command, target));
  }
  await target.clear();
  return outcomes;
}

/** Loads the series of a script (`load 1m`, then one indented line a series) and keeps them. */
export async function loadPromqlSeries(text: string, store: Store): Promise<void> {
  const loader = new ScriptLoader(store);
  for (const command of readScript(text)) {
    if (command.kind === 'load') await loader.load(command);
  }
}

async function runEval<H>(command: EvalCommand, target: ScriptTarget<H>): Promise<ScriptOutcome> {
  const { line, expression } = command;
  const answer = await target.ask(command);
  const unseen = !target.histograms.showsHints && namesHint(command) ? 'a counter-reset hint' : undefined;
  return { line, expression, problem: judge(command, answer, target), unseen };
}

function namesHint({ expected }: EvalCommand): boolean {
  const points = expected.series.flatMap((line) => line.points);
  return points.some((point) => typeof point === 'object' && point.namesHint);
}

function judge<H>(
  command: EvalCommand,
  answer: Answer<H> | Refused,
  target: ScriptTarget<H>,
): string | undefined {
  const failure = command.expected.outcome.find(({ kind }) => kind === 'fail');
  if ('failure' in answer) return judgeFailure(failure, answer.failure);
  if (failure !== undefined) return 'expected a failure, got a result';
  const notes = command.expected.outcome.map((expected) => judgeNotes(expected, answer));
  return (
    notes.find((problem) => problem !== undefined) ?? compareResult(command, answer.value, target.histograms)
  );
}

/** That something is not supported yet is never what a script expects. */
function judgeFailure(expected: OutcomeExpectation | undefined, message: string): string | undefined {
  if (expected === undefined || message.includes('not supported yet')) return `failed: ${message}`;
  return expected.matches(message) ? undefined : `failed with another message: ${message}`;
}

function judgeNotes<H>({ kind, matches }: OutcomeExpectation, answer: Answer<H>): string | undefined {
  switch (kind) {
    case 'warn':
      return answer.warnings.some(matches)
        ? undefined
        : `expected a warning, got ${JSON.stringify(answer.warnings)}`;
    case 'info':
      return answer.infos.some(matches) ? undefined : `expected an info, got ${JSON.stringify(answer.infos)}`;
    case 'no_warn':
      return answer.warnings.length === 0 ? undefined : `unexpected warning: ${answer.warnings[0]}`;
    case 'no_info':
      return answer.infos.length === 0 ? undefined : `unexpected info: ${answer.infos[0]}`;
    case 'fail':
      return undefined;
  }
}
