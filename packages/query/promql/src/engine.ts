import { Budget, defaultQueryLimits, QueryError, type QueryLimits } from '@maru/query-core';
import type { Reader } from '@maru/store';
import { check } from './check/check.ts';
import { typeNames } from './check/types.ts';
import type { EvaluationContext, QueryRange } from './evaluate/context.ts';
import { evaluate } from './evaluate/evaluate.ts';
import { collectNotes } from './evaluate/notes.ts';
import { planReads } from './evaluate/plan-reads.ts';
import { prepareInfo } from './evaluate/prepare-info.ts';
import { statisticsSelectors } from './evaluate/statistics-selectors.ts';
import type { StepGrid, Value } from './evaluate/values.ts';
import { valueTypeOf } from './functions/table.ts';
import { queryErrorOf } from './read/query-error.ts';
import { type SelectedSeries, type SeriesSource, selectSeries } from './read/read-series.ts';
import { withKnownResets } from './read/reset-hints.ts';
import { instantResult, type QueryResult, type ResultValue, rangeResult } from './result.ts';
import { defaultPromqlSettings, type PromqlSettings } from './settings.ts';
import type { Expression, VectorSelector } from './syntax/ast.ts';
import { parse } from './syntax/parse.ts';

/** Answers PromQL from a store. */
export interface PromqlEngine {
  /**
   * The value of a query at one moment.
   *
   * @throws QueryError with Prometheus's text and kind
   */
  instant(query: string, timeMs: number, options?: QueryOptions): Promise<QueryResult>;
  /** The value of a query at each step from start to end. Throws as `instant` does. */
  range(query: string, range: QueryRange, options?: QueryOptions): Promise<QueryResult>;
}

/** What one query may differ in. */
export interface QueryOptions {
  readonly signal?: AbortSignal;
  readonly limits?: Partial<QueryLimits>;
  /** Instead of the installation's. */
  readonly lookbackMilliseconds?: number;
}

/**
 * @param settings what differs from a default Prometheus 3
 * @param sources samples besides those of the store
 */
export function createPromqlEngine(
  reader: Reader,
  settings: Partial<PromqlSettings> = {},
  sources: readonly SeriesSource[] = [],
): PromqlEngine {
  const all = { ...defaultPromqlSettings, ...settings };
  return {
    instant: async (query, timeMs, options = {}) => {
      const range = { startMs: timeMs, endMs: timeMs, stepMs: 0 };
      return run(
        { reader, sources, settings: all, options, query, range },
        parseChecked(query, all),
        instantResult,
      );
    },
    range: async (query, range, options = {}) => {
      const expression = parseChecked(query, all);
      refuseAsRange(expression);
      return run({ reader, sources, settings: all, options, query, range }, expression, rangeResult);
    },
  };
}

/** Reads and checks a query. Throws as `PromqlEngine.instant` does. */
export function parseChecked(query: string, settings: PromqlSettings = defaultPromqlSettings): Expression {
  const expression = parse(query);
  check(query, expression, settings);
  return expression;
}

function refuseAsRange(expression: Expression): void {
  const type = valueTypeOf(expression);
  if (type === 'scalar' || type === 'vector') return;
  throw new QueryError(
    'bad_data',
    `invalid expression type "${typeNames[type]}" for range query, must be Scalar or instant Vector`,
  );
}

interface Run {
  readonly reader: Reader;
  readonly sources: readonly SeriesSource[];
  readonly settings: PromqlSettings;
  readonly options: QueryOptions;
  readonly query: string;
  readonly range: QueryRange;
}

async function run(
  { reader, sources, settings, options, query, range }: Run,
  expression: Expression,
  toResult: (value: Value, grid: StepGrid) => ResultValue,
): Promise<QueryResult> {
  const { startMs, endMs, stepMs } = range;
  const prepared = prepareInfo(expression, range);
  const count = stepMs === 0 ? 1 : Math.floor((endMs - startMs) / stepMs) + 1;
  const grid: StepGrid = { startMs, stepMs, count };
  const budget = new Budget({ ...defaultQueryLimits, ...options.limits }, options.signal);
  const lookback = options.lookbackMilliseconds;
  const changed = lookback === undefined ? settings : { ...settings, lookbackMilliseconds: lookback };
  const notes = collectNotes(query);
  const base = { grid, query: range, settings: changed, budget, notes };
  const value = await evaluateAll({ reader, sources }, prepared, base).catch((error: unknown) => {
    throw queryErrorOf(error);
  });
  return { value: toResult(value, grid), ...notes.collected() };
}

async function evaluateAll(
  reads: Pick<Run, 'reader' | 'sources'>,
  expression: Expression,
  context: Omit<EvaluationContext, 'data'>,
): Promise<Value> {
  const data = await selectAll(reads, expression, context);
  context.budget.check();
  return evaluate({ ...context, data }, expression);
}

/** Finds the series of every selector, side by side; how many reads run at once is the store's business. */
async function selectAll(
  { reader, sources }: Pick<Run, 'reader' | 'sources'>,
  expression: Expression,
  context: Omit<EvaluationContext, 'data'>,
): Promise<ReadonlyMap<VectorSelector, SelectedSeries>> {
  const { grid, query, settings, budget } = context;
  const statistics = statisticsSelectors(expression);
  const reads = planReads(expression, grid, query, settings).map(async (read) => {
    const selected = await selectSeries(reader, read.selector.matchers, read, budget, {
      others: sources,
      withStarts: settings.experimental,
    });
    return [read.selector, statistics.has(read.selector) ? knowingResets(selected) : selected] as const;
  });
  return new Map(await Promise.all(reads));
}

function knowingResets({ batches }: SelectedSeries): SelectedSeries {
  return {
    async *batches() {
      for await (const batch of batches()) yield batch.map(withKnownResets);
    },
  };
}
