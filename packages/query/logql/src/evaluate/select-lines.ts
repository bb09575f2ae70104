import { labelsKey, type NanoRange, partsFromEnd, partsFromStart } from '@maru/query-core';
import { type Sql, sql } from '@maru/store';
import { type LogPlan, logsWithin, planLog } from '../plan/plan-log.ts';
import { labelsReader, type RecordLabels, type RecordRow, recordColumns } from '../plan/record.ts';
import type { LogExpression } from '../syntax/ast.ts';
import type { EvaluateContext, LineLimits } from './request.ts';

/** A line that was found. */
export interface Line extends RecordLabels {
  readonly unixNano: bigint;
  readonly text: string;
}

interface LineRow extends RecordRow {
  readonly unix_nano: string;
  readonly line: string;
}

/** Lines in order, from the newest or the oldest on, up to the limit. */
export async function selectLines(
  log: LogExpression,
  limits: LineLimits,
  context: EvaluateContext,
): Promise<readonly Line[]> {
  const plan = await planLog(context.reader, log, context.text, limits.range, context.options);
  if (plan.streams.length === 0) return [];
  const lines: Line[] = [];
  const isWanted = thinner(limits);
  const toLine = lineReader(plan);
  for (const part of partsOf(limits)) {
    const wanted = limits.limit - lines.length;
    // Thinned lines leave room for more, so a part may have to be read whole.
    const asked = limits.intervalNanos === 0n ? wanted : maxThinnedLines;
    const rows = await context.reader.rows<LineRow>(linesSql(plan, part, limits, asked), context.options);
    lines.push(...rows.map(toLine).filter(isWanted).slice(0, wanted));
    if (lines.length >= limits.limit) break;
  }
  return lines;
}

/** What is read of a part when an interval thins the lines. */
const maxThinnedLines = 50_000;

function partsOf({ direction, range }: LineLimits): Iterable<NanoRange> {
  return direction === 'backward' ? partsFromEnd(range) : partsFromStart(range);
}

function linesSql(plan: LogPlan, part: NanoRange, { direction }: LineLimits, limit: number): Sql {
  const order = direction === 'backward' ? sql`time DESC` : sql`time`;
  return sql`
    SELECT toString(toUnixTimestamp64Nano(time)) AS unix_nano, body AS line, ${recordColumns(plan)}
    FROM logs
    WHERE ${logsWithin(part)} AND ${plan.where}
    ORDER BY ${order}
    LIMIT ${limit}`;
}

function lineReader(plan: LogPlan): (row: LineRow) => Line {
  const labelsOf = labelsReader(plan);
  return (row) => ({ ...labelsOf(row), unixNano: BigInt(row.unix_nano), text: row.line });
}

/** Tells for one line after the other whether the interval has passed since its stream's last. */
function thinner({ intervalNanos }: LineLimits): (line: Line) => boolean {
  const last = new Map<string, bigint>();
  return ({ stream, unixNano }) => {
    if (intervalNanos === 0n) return true;
    const key = labelsKey(stream);
    const before = last.get(key);
    const distance =
      before === undefined ? intervalNanos : unixNano > before ? unixNano - before : before - unixNano;
    if (distance < intervalNanos) return false;
    last.set(key, unixNano);
    return true;
  };
}
