import type { RawSeries } from '../read/raw-series.ts';
import type { MatrixSelector, Subquery } from '../syntax/ast.ts';
import type { EvaluationContext } from './context.ts';
import { positiveDurationMs } from './duration.ts';
import { lookTimes } from './times.ts';
import {
  type MatrixValue,
  type RangeSeries,
  type StepGrid,
  type StepSeries,
  stepTime,
  type VectorValue,
} from './values.ts';

/** The series of a range selector, with the window of each step. */
export function selectRange(context: EvaluationContext, matrix: MatrixSelector): MatrixValue {
  const look = lookTimes(matrix.selector, context.grid, context.query);
  const rangeMs = positiveDurationMs(matrix.range, context.query);
  const series = (context.data.get(matrix.selector) ?? []).map(withoutStaleMarkers);
  return { kind: 'matrix', series, windows: { firstEndMs: look.firstMs, stepMs: look.stepMs, rangeMs } };
}

function withoutStaleMarkers(raw: RawSeries): RangeSeries {
  const { labels, isDelta, stale } = raw;
  if (stale === undefined) return { labels, isDelta, dropName: false, times: raw.times, values: raw.values };
  const isKept = (_: number, index: number) => stale[index] === 0;
  return {
    labels,
    isDelta,
    dropName: false,
    times: raw.times.filter(isKept),
    values: raw.values.filter(isKept),
  };
}

/** The result of a subquery's inside, taken as samples. */
export function rangeOfSubquery(
  context: EvaluationContext,
  subquery: Subquery,
  inside: VectorValue,
  insideGrid: StepGrid,
): MatrixValue {
  const look = lookTimes(subquery, context.grid, context.query);
  const rangeMs = positiveDurationMs(subquery.range, context.query);
  const series = inside.series.map((one) => samplesOf(one, insideGrid));
  return { kind: 'matrix', series, windows: { firstEndMs: look.firstMs, stepMs: look.stepMs, rangeMs } };
}

function samplesOf(series: StepSeries, grid: StepGrid): RangeSeries {
  const count = series.present.reduce((sum, present) => sum + present, 0);
  const times = new Float64Array(count);
  const values = new Float64Array(count);
  let next = 0;
  for (let step = 0; step < grid.count; step += 1) {
    if (series.present[step] === 0) continue;
    times[next] = stepTime(grid, step);
    values[next] = series.values[step] ?? Number.NaN;
    next += 1;
  }
  return { labels: series.labels, dropName: series.dropName, times, values, isDelta: false };
}
