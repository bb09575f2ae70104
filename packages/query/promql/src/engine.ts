import { type Admitted, admit, createQueryCapacity, type QueryCapacity, QueryError } from '@maru/query-core';
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
  /** Where it is shorter than the capacity's own. */
  readonly timeoutSeconds?: number;
  /** Instead of the installation's. */
  readonly lookbackMilliseconds?: number;
}

/** What an engine may have besides its store. */
export interface EngineOptions {
  /** What differs from a default Prometheus 3. */
  readonly settings?: Partial<PromqlSettings>;
  /** Samples besides those of the store. */
  readonly sources?: readonly SeriesSource[];
  /** What it shares with other engines of the process; its own when left out. */
  readonly capacity?: QueryCapacity;
}

export function createPromqlEngine(
  reader: Reader,
  { settings = {}, sources = [], capacity = createQueryCapacity() }: EngineOptions = {},
): PromqlEngine {
  const all = { ...defaultPromqlSettings, ...settings };
  const base = { reader, sources, capacity, settings: all };
  return {
    instant: async (query, timeMs, options = {}) => {
      const range = { startMs: timeMs, endMs: timeMs, stepMs: 0 };
      return run({ ...base, options, query, range }, parseChecked(query, all), instantResult);
    },
    range: async (query, range, options = {}) => {
      const expression = parseChecked(query, all);
      refuseAsRange(expression);
      return run({ ...base, options, query, range }, expression, rangeResult);
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
  readonly capacity: QueryCapacity;
  readonly settings: PromqlSettings;
  readonly options: QueryOptions;
  readonly query: string;
  readonly range: QueryRange;
}

async function run(
  whole: Run,
  expression: Expression,
  toResult: (value: Value, grid: StepGrid) => ResultValue,
): Promise<QueryResult> {
  const { capacity, options, query } = whole;
  const prepared = prepareInfo(expression, whole.range);
  const grid = gridOf(whole.range);
  const notes = collectNotes(query);
  const value = await admit(capacity, admissionOf(capacity, options), (admitted) =>
    evaluateAll(whole, prepared, { grid, notes, ...admitted }),
  ).catch((error: unknown) => {
    throw queryErrorOf(error);
  });
  return { value: toResult(value, grid), ...notes.collected() };
}

function gridOf({ startMs, endMs, stepMs }: QueryRange): StepGrid {
  return { startMs, stepMs, count: stepMs === 0 ? 1 : Math.floor((endMs - startMs) / stepMs) + 1 };
}

function admissionOf(
  { limits }: QueryCapacity,
  { signal, timeoutSeconds }: QueryOptions,
): Parameters<typeof admit>[1] {
  const seconds = Math.min(limits.timeoutSeconds, timeoutSeconds ?? Number.POSITIVE_INFINITY);
  return { signal, limits: { timeoutSeconds: seconds } };
}

async function evaluateAll(
  { reader, sources, settings, options, range }: Run,
  expression: Expression,
  { becomeLong, ...base }: Pick<EvaluationContext, 'grid' | 'notes'> & Admitted,
): Promise<Value> {
  const { lookbackMilliseconds = settings.lookbackMilliseconds } = options;
  const context = { ...base, query: range, settings: { ...settings, lookbackMilliseconds } };
  const data = await selectAll({ reader, sources }, expression, context);
  if (isLong(data, context.grid)) await becomeLong();
  context.budget.check();
  return evaluate({ ...context, data }, expression);
}

/** More samples than this, read or computed, are taken to keep the machine busy for longer than anybody should wait. */
const longFromSamples = 1_000_000;

function isLong(data: ReadonlyMap<VectorSelector, SelectedSeries>, { count }: StepGrid): boolean {
  let samples = count;
  for (const { expected } of data.values()) samples += Math.max(expected.samples, expected.series * count);
  return samples > longFromSamples;
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

function knowingResets({ expected, batches }: SelectedSeries): SelectedSeries {
  return {
    expected,
    async *batches() {
      for await (const batch of batches()) yield batch.map(withKnownResets);
    },
  };
}
