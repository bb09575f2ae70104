import {
  createPromqlEngine,
  type NativeHistogram,
  type PromqlEngine,
  type PromqlSettings,
} from '@maru/promql';
import { QueryError } from '@maru/query-core';
import type { Store } from '@maru/store';
import { ScriptLoader } from './load.ts';
import { nativeComparison } from './native-comparison.ts';
import type { EvalCommand } from './script.ts';
import type { Answer, Refused, ScriptTarget } from './target.ts';

/** The engine in this process, with a real store underneath. */
export function storeTarget(store: Store, settings: Partial<PromqlSettings>): ScriptTarget<NativeHistogram> {
  const engine = createPromqlEngine(store.reader, { settings });
  const loader = new ScriptLoader(store);
  return {
    clear: () => loader.clear(),
    load: (command) => loader.load(command),
    ask: (command) => answered(engine, command),
    histograms: nativeComparison,
  };
}

async function answered(
  engine: PromqlEngine,
  { expression, startMs, endMs, stepMs }: EvalCommand,
): Promise<Answer<NativeHistogram> | Refused> {
  try {
    if (stepMs === 0) return await engine.instant(expression, startMs);
    return await engine.range(expression, { startMs, endMs, stepMs });
  } catch (error) {
    if (error instanceof QueryError) return { failure: error.message };
    throw error;
  }
}
