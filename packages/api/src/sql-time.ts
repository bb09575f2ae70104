import { type NanoRange, sqlTime } from '@maru/query-core';
import { type Sql, sql } from '@maru/store';

/** Spans that started within the range. */
export function spansWithin(range: NanoRange): Sql {
  return sql`start_time >= ${sqlTime(range.startUnixNano)} AND start_time < ${sqlTime(range.endUnixNano)}`;
}
