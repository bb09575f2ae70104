import { type Sql, sql } from '@maru/store';
import type { NanoRange } from './http/unix-range.ts';

/** A nanosecond time as the engine's DateTime64(9). */
export function sqlTime(unixNano: bigint): Sql {
  return sql`fromUnixTimestamp64Nano(toInt64(${unixNano}), 'UTC')`;
}

/** Spans that started within the range. */
export function spansWithin(range: NanoRange): Sql {
  return sql`start_time >= ${sqlTime(range.startUnixNano)} AND start_time < ${sqlTime(range.endUnixNano)}`;
}
