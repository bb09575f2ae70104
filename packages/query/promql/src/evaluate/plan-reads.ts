import type { PromqlSettings } from '../settings.ts';
import { childrenOf, type Expression, type MatrixSelector, type VectorSelector } from '../syntax/ast.ts';
import type { QueryRange } from './context.ts';
import { positiveDurationMs } from './duration.ts';
import { lookTimes, subqueryGrid } from './times.ts';
import type { StepGrid } from './values.ts';

/** What a selector needs: all its samples later than `afterMs`, up to and with `untilMs`. */
export interface PlannedRead {
  readonly selector: VectorSelector;
  readonly afterMs: number;
  readonly untilMs: number;
}

/** The reads of an expression, one for each selector in it. */
export function planReads(
  expression: Expression,
  grid: StepGrid,
  query: QueryRange,
  settings: PromqlSettings,
): readonly PlannedRead[] {
  switch (expression.kind) {
    case 'vectorSelector':
      return [widen(plan(expression, settings.lookbackMilliseconds, grid, query), settings, 0)];
    case 'matrixSelector':
      return [widen(planRange(expression, grid, query), settings, settings.lookbackMilliseconds)];
    case 'subquery': {
      const inside = subqueryGrid(expression, grid, query, settings);
      return inside.count === 0 ? [] : planReads(expression.expression, inside, query, settings);
    }
    default:
      return childrenOf(expression).flatMap((child) => planReads(child, grid, query, settings));
  }
}

/** `anchored` looks further back than its range, `smoothed` also further on. */
function widen(read: PlannedRead, { lookbackMilliseconds }: PromqlSettings, backMs: number): PlannedRead {
  const { rangeMode } = read.selector;
  if (rangeMode === undefined) return read;
  const onMs = rangeMode === 'smoothed' ? lookbackMilliseconds : 0;
  return { ...read, afterMs: read.afterMs - backMs, untilMs: read.untilMs + onMs };
}

function planRange(matrix: MatrixSelector, grid: StepGrid, query: QueryRange): PlannedRead {
  return plan(matrix.selector, positiveDurationMs(matrix.range, query), grid, query);
}

function plan(selector: VectorSelector, backMs: number, grid: StepGrid, query: QueryRange): PlannedRead {
  const { firstMs, lastMs } = lookTimes(selector, grid, query);
  return { selector, afterMs: firstMs - backMs, untilMs: lastMs };
}
