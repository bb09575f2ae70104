import { type NanoRange, partsFromEnd } from '@maru/query-core';
import { type Reader, type ReadOptions, type Sql, sql } from '@maru/store';
import { within } from '../plan/context.ts';
import type { SearchPlan } from '../plan/plan-search.ts';

/**
 * The ids (hex) of the newest traces with matching spans, newest first.
 *
 * A search that most spans match so ends after the newest minute instead of grouping millions of traces. Only a
 * condition on single rows can be asked of a part of the range.
 */
export async function findTraces(
  reader: Reader,
  plan: SearchPlan,
  limit: number,
  options: ReadOptions,
): Promise<readonly string[]> {
  const found = new Set<string>();
  for (const part of plan.spanset.rowOnly ? partsFromEnd(plan.range) : [plan.range]) {
    const rows = await reader.rows<{ readonly id: string }>(newestSql(plan, part, limit), options);
    for (const row of rows) found.add(row.id);
    if (found.size >= limit) break;
  }
  return [...found].slice(0, limit);
}

function newestSql({ spanset }: SearchPlan, part: NanoRange, limit: number): Sql {
  return sql`
    SELECT lower(hex(trace_id)) AS id
    FROM spans
    WHERE ${within(part)} AND ${spanset.where}
    GROUP BY trace_id
    ORDER BY min(start_time) DESC, id
    LIMIT ${limit}`;
}
