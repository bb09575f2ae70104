import type { Aggregation, Expression } from './ast.ts';
import type { Cursor } from './cursor.ts';
import { type ParseOperand, parseArguments } from './parse-call.ts';
import { parseLabelList } from './parse-matching.ts';
import type { Token } from './token.ts';

interface Grouping {
  readonly grouping: readonly string[];
  readonly without: boolean;
}

const noGrouping: Grouping = { grouping: [], without: false };

/** Aggregations whose first argument is a parameter. */
const withParameter: ReadonlySet<string> = new Set([
  'topk',
  'bottomk',
  'limitk',
  'limit_ratio',
  'quantile',
  'count_values',
]);

/** Reads `sum by (a) (x)` or `sum(x) by (a)`. */
export function parseAggregation(cursor: Cursor, parseOperand: ParseOperand): Aggregation {
  const operator = cursor.take();
  const before = parseGrouping(cursor);
  if (before !== undefined && !cursor.is('(')) cursor.unexpected('aggregation', '');
  const list = parseArguments(cursor, parseOperand);
  const grouping = before ?? parseGrouping(cursor) ?? noGrouping;
  return buildAggregation(cursor, operator, list, grouping);
}

function parseGrouping(cursor: Cursor): Grouping | undefined {
  if (!cursor.is('keyword', 'by') && !cursor.is('keyword', 'without')) return undefined;
  const without = cursor.take().value === 'without';
  return { grouping: parseLabelList(cursor), without };
}

function buildAggregation(
  cursor: Cursor,
  operator: Token,
  list: readonly Expression[],
  grouping: Grouping,
): Aggregation {
  const span = { start: operator.span.start, end: cursor.previous.span.end };
  const wanted = withParameter.has(operator.value) ? 2 : 1;
  const expression = list[wanted - 1];
  if (list.length === 0) cursor.fail(span, 'no arguments for aggregate expression provided');
  if (list.length !== wanted || expression === undefined) {
    cursor.fail(
      span,
      `wrong number of arguments for aggregate expression provided, expected ${wanted}, got ${list.length}`,
    );
  }
  const parameter = wanted === 2 ? list[0] : undefined;
  return { kind: 'aggregation', operator: operator.value, parameter, expression, ...grouping, span };
}
