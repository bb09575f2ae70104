import type { NumberQuery } from '../reader.ts';
import { identifier, type Sql, sql } from '../sql.ts';
import { chunkSpanStart } from './chunk-span.ts';

/**
 * Rows as they lie in the table: to group them into arrays costs the engine more than to hand them over, and to sort them
 * across parts twice as much again. Times are floats, as milliseconds fit a double and a `bigint` a sample would be
 * an object a sample.
 */
export function rowsQuery(
  table: 'number_points' | 'number_points_sealed',
  { selection, afterMs, untilMs, withStarts }: NumberQuery,
): Sql {
  const starts = withStarts ? sql`, toFloat64(toUnixTimestamp64Milli(start_time)) AS starts` : sql``;
  return sql`SELECT series_id, toFloat64(toUnixTimestamp64Milli(time)) AS times, value AS ${identifier('values')}, flags${starts}
    FROM ${identifier(table)}
    WHERE ${selection} AND time > ${storedMoment(afterMs)} AND time <= ${storedMoment(untilMs)}`;
}

/**
 * Chunks that reach into the whole hours of the time; where they may begin is known from how they are cut. Whole hours, so
 * that the statement of a window that moves on stays the same, and its result can be kept: most chunks are of an hour.
 */
export function chunksQuery({ selection, afterMs, untilMs }: NumberQuery): Sql {
  const [hoursStart, hoursEnd] = [hourStart(afterMs), hourStart(untilMs) + hourMs - 1];
  return sql`SELECT series_id, toFloat64(toUnixTimestamp64Milli(first_time)) AS firsts,
      toFloat64(toUnixTimestamp64Milli(last_time)) AS lasts, sample_count, samples
    FROM number_chunks
    WHERE ${selection} AND first_time >= ${storedMoment(chunkSpanStart(afterMs))}
      AND first_time <= ${storedMoment(hoursEnd)} AND last_time > ${storedMoment(hoursStart)}`;
}

const hourMs = 3_600_000;

function hourStart(timeMs: number): number {
  return Math.floor(timeMs / hourMs) * hourMs;
}

/** The store's times reach from 1900 to 2299; what is beyond is asked for as its edge, as nothing lies between. */
export function storedMoment(milliseconds: number): Sql {
  const stored = Math.max(-2_208_988_800_000, Math.min(10_413_791_999_999, Math.floor(milliseconds)));
  return sql`fromUnixTimestamp64Milli(${BigInt(stored)}, 'UTC')`;
}
