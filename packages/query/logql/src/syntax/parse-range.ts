import type { Grouping, LogExpression, RangeAggregation, RangeFunction, Stage } from './ast.ts';
import type { Cursor } from './cursor.ts';
import { parseLog, parseStages } from './parse-log.ts';

export const rangeFunctions: ReadonlySet<string> = new Set<RangeFunction>([
  'rate',
  'rate_counter',
  'count_over_time',
  'bytes_rate',
  'bytes_over_time',
  'avg_over_time',
  'sum_over_time',
  'min_over_time',
  'max_over_time',
  'stdvar_over_time',
  'stddev_over_time',
  'quantile_over_time',
  'first_over_time',
  'last_over_time',
  'absent_over_time',
]);

/** `function([parameter,] log [range]) [by (…)]`, the function's name being the next token. */
export function parseRangeAggregation(cursor: Cursor): RangeAggregation {
  const { start } = cursor.token;
  const name = cursor.expectName('a function') as RangeFunction;
  cursor.expectOperator('(');
  const parameter = parseParameter(cursor, name);
  const ranged = parseLogRange(cursor);
  cursor.expectOperator(')');
  const grouping = parseGrouping(cursor);
  checkUnwrap(cursor, name, ranged.log, grouping, start);
  return { kind: 'rangeAggregation', function: name, parameter, ...ranged, grouping, start };
}

function parseParameter(cursor: Cursor, name: RangeFunction): number | undefined {
  if (name !== 'quantile_over_time') return undefined;
  const value = cursor.expectNumber();
  cursor.expectOperator(',');
  return value;
}

type LogRange = Pick<RangeAggregation, 'log' | 'rangeNanos' | 'offsetNanos'>;

/** The range may stand after the selector or after the stages; parentheses may stand around either. */
function parseLogRange(cursor: Cursor): LogRange {
  return cursor.nested(() => {
    if (!cursor.takeOperator('(')) return withRange(cursor, parseLog(cursor));
    const inner = cursor.isOperator('(') ? parseLogRange(cursor) : parseInnerRange(cursor);
    cursor.expectOperator(')');
    return 'log' in inner ? inner : withRange(cursor, inner);
  });
}

/** Inside parentheses the range may be there already. */
function parseInnerRange(cursor: Cursor): LogRange | LogExpression {
  const log = parseLog(cursor);
  return cursor.isOperator('[') ? withRange(cursor, log) : log;
}

function withRange(cursor: Cursor, log: LogExpression): LogRange {
  const { start } = cursor.token;
  cursor.expectOperator('[');
  const rangeNanos = cursor.expectDuration();
  cursor.expectOperator(']');
  if (rangeNanos <= 0n) throw cursor.error(start, 'the range must be longer than 0');
  const offsetNanos = parseOffset(cursor);
  const later: readonly Stage[] = parseStages(cursor);
  return { log: { ...log, stages: [...log.stages, ...later] }, rangeNanos, offsetNanos };
}

function parseOffset(cursor: Cursor): bigint {
  if (!cursor.takeWord('offset')) return 0n;
  const sign = cursor.takeOperator('-') ? -1n : 1n;
  return sign * cursor.expectDuration();
}

/** `by (a, b)` or `without (a, b)`, if it is next. */
export function parseGrouping(cursor: Cursor): Grouping | undefined {
  const without = cursor.isWord('without');
  if (!without && !cursor.isWord('by')) return undefined;
  cursor.next();
  return { without, labels: parseLabelList(cursor) };
}

/** `(a, b)` */
export function parseLabelList(cursor: Cursor): readonly string[] {
  cursor.expectOperator('(');
  const labels: string[] = [];
  while (!cursor.isOperator(')')) {
    labels.push(cursor.expectName('a label name'));
    if (!cursor.takeOperator(',')) break;
  }
  cursor.expectOperator(')');
  return labels;
}

const unwrapped: ReadonlySet<string> = new Set([
  'rate_counter',
  'avg_over_time',
  'sum_over_time',
  'min_over_time',
  'max_over_time',
  'stdvar_over_time',
  'stddev_over_time',
  'quantile_over_time',
  'first_over_time',
  'last_over_time',
]);

const groupable: ReadonlySet<string> = new Set(
  [...unwrapped].filter((name) => name !== 'sum_over_time' && name !== 'rate_counter'),
);

/** Which functions need a number from the line, which refuse one, and which may group. */
function checkUnwrap(
  cursor: Cursor,
  name: RangeFunction,
  log: LogExpression,
  grouping: Grouping | undefined,
  start: number,
): void {
  const hasUnwrap = log.stages.some((stage) => stage.kind === 'unwrap');
  if (!hasUnwrap && unwrapped.has(name))
    throw cursor.error(start, `invalid aggregation ${name} without unwrap`);
  if (hasUnwrap && !unwrapped.has(name) && name !== 'rate' && name !== 'absent_over_time') {
    throw cursor.error(start, `invalid aggregation ${name} with unwrap`);
  }
  if (grouping !== undefined && !groupable.has(name))
    throw cursor.error(start, `grouping not allowed for ${name} aggregation`);
}
