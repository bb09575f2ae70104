import type { PromqlSettings } from '../settings.ts';
import type { Subquery, VectorSelector } from '../syntax/ast.ts';
import type { QueryRange } from './context.ts';
import { durationMs, positiveDurationMs } from './duration.ts';
import { gridEnd, type StepGrid } from './values.ts';

/** Where a selector or subquery looks at each step: `firstMs + i * stepMs`, after `@` and offset. */
export interface LookTimes {
  readonly firstMs: number;
  /** 0 when `@` fixes the moment. */
  readonly stepMs: number;
  readonly lastMs: number;
}

/** Where the node looks at each step of the grid. */
export function lookTimes(node: VectorSelector | Subquery, grid: StepGrid, query: QueryRange): LookTimes {
  const offset = durationMs(node.offset, query);
  const at = atMs(node, query);
  if (at !== undefined) return { firstMs: at - offset, stepMs: 0, lastMs: at - offset };
  return { firstMs: grid.startMs - offset, stepMs: grid.stepMs, lastMs: gridEnd(grid) - offset };
}

function atMs({ at }: VectorSelector | Subquery, query: QueryRange): number | undefined {
  switch (at?.kind) {
    case 'timestamp':
      return at.milliseconds;
    case 'start':
      return query.startMs;
    case 'end':
      return query.endMs;
    default:
      return undefined;
  }
}

/**
 * The grid on which a subquery's inside is evaluated: all multiples of its step in the windows of all outer steps.
 * The first one lies after the start of the first window, which is open on the left.
 */
export function subqueryGrid(
  subquery: Subquery,
  grid: StepGrid,
  query: QueryRange,
  settings: PromqlSettings,
): StepGrid {
  const times = lookTimes(subquery, grid, query);
  const rangeMs = positiveDurationMs(subquery.range, query);
  const stepMs =
    subquery.step === undefined
      ? settings.subqueryStepMilliseconds
      : positiveDurationMs(subquery.step, query);
  const windowStart = times.firstMs - rangeMs;
  const aligned = stepMs * Math.trunc(windowStart / stepMs);
  const startMs = aligned <= windowStart ? aligned + stepMs : aligned;
  return { startMs, stepMs, count: Math.max(0, Math.floor((times.lastMs - startMs) / stepMs) + 1) };
}
