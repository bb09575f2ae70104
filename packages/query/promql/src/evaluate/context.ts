import type { Budget } from '@maru/query-core';
import type { SelectedSeries } from '../read/read-series.ts';
import type { PromqlSettings } from '../settings.ts';
import type { VectorSelector } from '../syntax/ast.ts';
import type { Notes } from './notes.ts';
import type { StepGrid } from './values.ts';

/** The range of the whole query, which `@ start()`, `step()` and `range()` speak of. */
export interface QueryRange {
  readonly startMs: number;
  readonly endMs: number;
  /** 0 for an instant query. */
  readonly stepMs: number;
}

/** What evaluation needs; a subquery evaluates its inside in a context with another grid. */
export interface EvaluationContext {
  readonly grid: StepGrid;
  readonly query: QueryRange;
  /** What each selector of the expression has found. */
  readonly data: ReadonlyMap<VectorSelector, SelectedSeries>;
  readonly settings: PromqlSettings;
  readonly budget: Budget;
  readonly notes: Notes;
}
