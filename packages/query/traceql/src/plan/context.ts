import type { NanoRange } from '@maru/query-core';
import { sqlTime, widened } from '@maru/query-core';
import { type Sql, sql } from '@maru/store';

/** What planning needs besides the tree. */
export interface PlanContext {
  /** The query's text, for the positions of errors. */
  readonly text: string;
  /** Spans that may match start within it. */
  readonly range: NanoRange;
}

/** A trace's other spans are looked for this far outside the range: longer traces are rare, and every read is bounded. */
const traceMarginNanos = 3_600_000_000_000n;

/** Spans that start within the range. */
export function within(range: NanoRange): Sql {
  return sql`start_time >= ${sqlTime(range.startUnixNano)} AND start_time < ${sqlTime(range.endUnixNano)}`;
}

/** Spans of a trace that touches the range. */
export function nearby(range: NanoRange): Sql {
  return within(widened(range, traceMarginNanos));
}
