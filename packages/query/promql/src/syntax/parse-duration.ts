import type { Span } from '@maru/query-core';
import type { DurationExpression, DurationOperator } from './ast.ts';
import type { Cursor } from './cursor.ts';
import { durationSeconds, numberValue } from './number-literal.ts';

const precedence: ReadonlyMap<string, number> = new Map([
  ['+', 1],
  ['-', 1],
  ['*', 2],
  ['/', 2],
  ['%', 2],
  ['^', 3],
]);

const unaryPrecedence = 2;

/** Where the duration stands and what is wanted there, for the error when something else is found. */
interface Place {
  readonly context: string;
  readonly expected: string;
}

/** Reads a length of time inside brackets; arithmetic may be used there. */
export function parseDurationExpression(
  cursor: Cursor,
  context: string,
  expected: string,
): DurationExpression {
  return parseOperators(cursor, 0, { context, expected });
}

/**
 * Reads an offset. Only one operand with its sign belongs to it: `x offset 2 ^ 2` is `(x offset 2) ^ 2`; more needs
 * parentheses.
 */
export function parseOffset(cursor: Cursor): DurationExpression {
  const place = { context: 'offset', expected: 'number, duration, step(), or range()' };
  return parseSigned(cursor, place, () => parseOperand(cursor, place));
}

function parseOperators(cursor: Cursor, minimum: number, place: Place): DurationExpression {
  return cursor.nested(() => {
    let left = parseSigned(cursor, place, (isSigned) =>
      isSigned ? parseOperators(cursor, unaryPrecedence, place) : parseOperand(cursor, place),
    );
    for (;;) {
      const token = cursor.peek();
      const binds = token.kind === 'operator' ? precedence.get(token.value) : undefined;
      if (binds === undefined || binds <= minimum) return left;
      const operator = cursor.take().value as DurationOperator;
      const right = parseOperators(cursor, operator === '^' ? binds - 1 : binds, place);
      left = { kind: 'binary', operator, left, right, span: spanOf(left.span, right.span) };
    }
  });
}

function parseSigned(
  cursor: Cursor,
  place: Place,
  parseRest: (isSigned: boolean) => DurationExpression,
): DurationExpression {
  const token = cursor.peek();
  if (token.kind !== 'operator' || (token.value !== '+' && token.value !== '-')) return parseRest(false);
  cursor.take();
  if (cursor.is(']')) cursor.unexpected(place.context, place.expected);
  const operand = parseRest(true);
  return { kind: 'unary', operator: token.value, operand, span: spanOf(token.span, operand.span) };
}

function parseOperand(cursor: Cursor, place: Place): DurationExpression {
  const token = cursor.peek();
  if (token.kind === 'number' || token.kind === 'duration') return parseLiteral(cursor);
  if (token.kind === '(') return parseParentheses(cursor, place);
  if (token.kind === 'keyword' && (token.value === 'step' || token.value === 'range')) {
    return parseQueryValue(cursor, token.value, place);
  }
  const name = token.text.toLowerCase();
  if (token.kind === 'identifier' && (name === 'min_of' || name === 'max_of')) {
    return parseExtreme(cursor, name, place);
  }
  return cursor.unexpected(place.context, place.expected);
}

function parseLiteral(cursor: Cursor): DurationExpression {
  const token = cursor.take();
  const isDuration = token.kind === 'duration';
  const seconds = isDuration ? durationSeconds(token.text) : numberValue(token.text);
  if (seconds === undefined) cursor.fail(token.span, `not a valid duration string: "${token.text}"`);
  return { kind: 'literal', seconds, isDuration, span: token.span };
}

function parseParentheses(cursor: Cursor, place: Place): DurationExpression {
  const open = cursor.take();
  const inner = parseOperators(cursor, 0, place);
  const close = cursor.expect(')', place.context, '")"');
  return { kind: 'parentheses', inner, span: spanOf(open.span, close.span) };
}

function parseQueryValue(cursor: Cursor, name: 'step' | 'range', place: Place): DurationExpression {
  const word = cursor.take();
  cursor.expect('(', place.context, '"("');
  const close = cursor.expect(')', place.context, '")"');
  return { kind: 'queryValue', name, span: spanOf(word.span, close.span) };
}

function parseExtreme(cursor: Cursor, name: 'min_of' | 'max_of', place: Place): DurationExpression {
  const word = cursor.take();
  cursor.expect('(', place.context, '"("');
  const left = parseOperators(cursor, 0, place);
  cursor.expect(',', place.context, '","');
  const right = parseOperators(cursor, 0, place);
  const close = cursor.expect(')', place.context, '")"');
  return { kind: 'extreme', name, left, right, span: spanOf(word.span, close.span) };
}

function spanOf(first: Span, last: Span): Span {
  return { start: first.start, end: last.end };
}
