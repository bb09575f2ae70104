import type { AtModifier, Expression, Modifiers, Subquery, VectorSelector } from './ast.ts';
import type { Cursor } from './cursor.ts';
import { durationSeconds, numberValue } from './number-literal.ts';
import { parseDurationExpression, parseOffset } from './parse-duration.ts';

/** Reads what may follow an operand: `[5m]`, `[1h:5m]`, `offset 5m`, `@ 100`, `anchored`, `smoothed`. */
export function parsePostfix(cursor: Cursor, operand: Expression): Expression {
  let expression = operand;
  for (;;) {
    if (cursor.is('[')) expression = parseBrackets(cursor, expression);
    else if (cursor.is('keyword', 'offset')) expression = parseOffsetModifier(cursor, expression);
    else if (cursor.is('@')) expression = parseAtModifier(cursor, expression);
    else if (cursor.is('keyword', 'anchored') || cursor.is('keyword', 'smoothed')) {
      expression = parseRangeMode(cursor, expression);
    } else return expression;
  }
}

const rangeContext = 'subquery or range selector';
const rangeWanted = 'number, duration, step(), or range()';

function parseBrackets(cursor: Cursor, expression: Expression): Expression {
  cursor.take();
  const range = parseDurationExpression(cursor, rangeContext, rangeWanted);
  const colon = cursor.takeIf(':');
  const step =
    colon === undefined || cursor.is(']')
      ? undefined
      : parseDurationExpression(cursor, 'subquery selector', `${rangeWanted} or "]"`);
  const close = cursor.expect(']', rangeContext, colon === undefined ? '":" or "]"' : '"]"');
  const span = { start: expression.span.start, end: close.span.end };
  if (colon !== undefined) {
    return { kind: 'subquery', expression, range, step, span, ...noModifiers };
  }
  return { kind: 'matrixSelector', selector: rangeSelector(cursor, expression), range, span };
}

const noModifiers: Modifiers = { offset: undefined, at: undefined, rangeMode: undefined };

function rangeSelector(cursor: Cursor, expression: Expression): VectorSelector {
  if (expression.kind !== 'vectorSelector') {
    cursor.fail(expression.span, 'ranges only allowed for vector selectors');
  }
  if (expression.offset !== undefined) {
    cursor.fail(expression.span, 'no offset modifiers allowed before range');
  }
  if (expression.at !== undefined) cursor.fail(expression.span, 'no @ modifiers allowed before range');
  return expression;
}

function parseOffsetModifier(cursor: Cursor, expression: Expression): Expression {
  cursor.take();
  const offset = parseOffset(cursor);
  return changeModifiers(cursor, expression, 'offset', (modifiers) => {
    if (modifiers.offset !== undefined) cursor.fail(expression.span, 'offset may not be set multiple times');
    return { offset };
  });
}

function parseAtModifier(cursor: Cursor, expression: Expression): Expression {
  cursor.take();
  const at = parseTimestamp(cursor);
  return changeModifiers(cursor, expression, '@', (modifiers) => {
    if (modifiers.at !== undefined)
      cursor.fail(expression.span, '@ <timestamp> may not be set multiple times');
    return { at };
  });
}

function parseRangeMode(cursor: Cursor, expression: Expression): Expression {
  const rangeMode = cursor.take().value === 'anchored' ? 'anchored' : 'smoothed';
  return changeModifiers(cursor, expression, rangeMode, () => ({ rangeMode }));
}

/** The expression with its modifiers changed. Only selectors and subqueries have any. */
function changeModifiers(
  cursor: Cursor,
  expression: Expression,
  what: string,
  change: (modifiers: Modifiers) => Partial<Modifiers>,
): Expression {
  const end = cursor.previous.span.end;
  const extended = <T extends VectorSelector | Subquery>(node: T): T => ({
    ...node,
    ...change(node),
    span: { start: node.span.start, end },
  });
  if (expression.kind === 'vectorSelector' || expression.kind === 'subquery') return extended(expression);
  if (expression.kind === 'matrixSelector') {
    const selector = { ...expression.selector, ...change(expression.selector) };
    return { ...expression, selector, span: { start: expression.span.start, end } };
  }
  const kinds = 'an instant vector selector or range vector selector or a subquery';
  return cursor.fail(expression.span, `${what} modifier must be preceded by ${kinds}`);
}

function parseTimestamp(cursor: Cursor): AtModifier {
  if (cursor.is('keyword', 'start') || cursor.is('keyword', 'end')) {
    const kind = cursor.take().value === 'start' ? 'start' : 'end';
    cursor.expect('(', '@', '"("');
    cursor.expect(')', '@', '")"');
    return { kind };
  }
  const sign = cursor.takeIf('operator', '-') ? -1 : 1;
  if (sign === 1) cursor.takeIf('operator', '+');
  return { kind: 'timestamp', milliseconds: Math.round(sign * parseSeconds(cursor) * 1000) };
}

/** Prometheus keeps milliseconds in 64 bits; a time beyond that, or none, is refused. */
const maxSeconds = 2 ** 63 / 1000;

function parseSeconds(cursor: Cursor): number {
  const token = cursor.takeIf('number') ?? cursor.takeIf('duration');
  if (token === undefined) return cursor.unexpected('@', 'timestamp');
  const seconds = token.kind === 'number' ? numberValue(token.text) : durationSeconds(token.text);
  if (seconds === undefined || !(Math.abs(seconds) < maxSeconds)) {
    cursor.fail(token.span, `timestamp out of bounds for @ modifier: ${token.text}`);
  }
  return seconds;
}
