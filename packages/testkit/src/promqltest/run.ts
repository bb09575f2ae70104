import { createPromqlEngine, type PromqlEngine, type PromqlSettings, type QueryResult } from '@maru/promql';
import { QueryError } from '@maru/query-core';
import type { Store } from '@maru/store';
import { compareResult } from './compare.ts';
import { ScriptLoader } from './load.ts';
import { type EvalCommand, type OutcomeExpectation, readScript } from './script.ts';

/** How one query of a script went; `problem` is absent when it gave what it should. */
export interface ScriptOutcome {
  readonly line: number;
  readonly expression: string;
  readonly problem: string | undefined;
}

/**
 * Runs a script in the format of Prometheus's acceptance tests, with a real store underneath. The store must be empty
 * and is left empty.
 */
export async function runPromqlScript(
  text: string,
  store: Store,
  settings: Partial<PromqlSettings> = {},
): Promise<readonly ScriptOutcome[]> {
  const engine = createPromqlEngine(store.reader, settings);
  const loader = new ScriptLoader(store);
  const outcomes: ScriptOutcome[] = [];
  for (const command of readScript(text)) {
    if (command.kind === 'clear') await loader.clear();
    else if (command.kind === 'load') await loader.load(command);
    else outcomes.push(await runEval(command, engine));
  }
  await loader.clear();
  return outcomes;
}

/** Loads the series of a script (`load 1m`, then one indented line a series) and keeps them. */
export async function loadPromqlSeries(text: string, store: Store): Promise<void> {
  const loader = new ScriptLoader(store);
  for (const command of readScript(text)) {
    if (command.kind === 'load') await loader.load(command);
  }
}

async function runEval(command: EvalCommand, engine: PromqlEngine): Promise<ScriptOutcome> {
  const { line, expression } = command;
  const outcome = await outcomeOf(command, engine);
  return { line, expression, problem: judge(command, outcome) };
}

async function outcomeOf(command: EvalCommand, engine: PromqlEngine): Promise<QueryResult | QueryError> {
  const { expression, startMs, endMs, stepMs } = command;
  try {
    if (stepMs === 0) return await engine.instant(expression, startMs);
    return await engine.range(expression, { startMs, endMs, stepMs });
  } catch (error) {
    if (error instanceof QueryError) return error;
    throw error;
  }
}

function judge(command: EvalCommand, outcome: QueryResult | QueryError): string | undefined {
  const failure = command.expected.outcome.find(({ kind }) => kind === 'fail');
  if (outcome instanceof QueryError) return judgeFailure(failure, outcome);
  if (failure !== undefined) return 'expected a failure, got a result';
  const notes = command.expected.outcome.map((expected) => judgeNotes(expected, outcome));
  return notes.find((problem) => problem !== undefined) ?? compareResult(command, outcome);
}

/** That something is not supported yet is never what a script expects. */
function judgeFailure(expected: OutcomeExpectation | undefined, error: QueryError): string | undefined {
  if (expected === undefined || error.message.includes('not supported yet'))
    return `failed: ${error.message}`;
  return expected.matches(error.message) ? undefined : `failed with another message: ${error.message}`;
}

function judgeNotes({ kind, matches }: OutcomeExpectation, result: QueryResult): string | undefined {
  switch (kind) {
    case 'warn':
      return result.warnings.some(matches)
        ? undefined
        : `expected a warning, got ${JSON.stringify(result.warnings)}`;
    case 'info':
      return result.infos.some(matches) ? undefined : `expected an info, got ${JSON.stringify(result.infos)}`;
    case 'no_warn':
      return result.warnings.length === 0 ? undefined : `unexpected warning: ${result.warnings[0]}`;
    case 'no_info':
      return result.infos.length === 0 ? undefined : `unexpected info: ${result.infos[0]}`;
    case 'fail':
      return undefined;
  }
}
