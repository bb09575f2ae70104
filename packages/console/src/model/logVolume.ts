import { type Level, levelOf, levels } from './logs.ts';
import { alignMatrix, type MatrixSeries } from './series.ts';
import { alignedSeconds, type ResolvedRange } from './timeRange.ts';

/** The lines of one level over time. */
export interface VolumeLevel {
  readonly level: Level;
  readonly counts: readonly (number | null)[];
  readonly total: number;
}

/**
 * Lines by level, mildest first, so that errors end up on top of the bars. A point of the answer counts the step that
 * ends at it, and a bar stands on the step's begin: hence the shift by one step.
 */
export function volumeByLevel(
  series: readonly MatrixSeries[],
  range: ResolvedRange,
  step: number,
): { readonly times: readonly number[]; readonly levels: readonly VolumeLevel[] } {
  const { start, end } = alignedSeconds(range, step);
  const { times, rows } = alignMatrix(series, start + step, end, step);
  const seriesLevels = series.map(({ metric }) => levelOf(metric.detected_level));
  const found = levels.toReversed().flatMap((level) => {
    const own = rows.filter((_, index) => seriesLevels[index] === level);
    return own.length === 0 ? [] : [volumeLevel(level, own)];
  });
  return { times: times.map((time) => time - step), levels: found };
}

/** Several series can be of one level: every level that the console does not know is `unknown`. */
function volumeLevel(level: Level, rows: readonly (readonly (number | null)[])[]): VolumeLevel {
  const counts = (rows[0] ?? []).map((_, index) => rows.reduce((sum, row) => sum + (row[index] ?? 0), 0));
  return { level, counts, total: counts.reduce((sum, count) => sum + count, 0) };
}
