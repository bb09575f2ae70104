import type { BinaryOperator, Expression } from './ast.ts';
import type { Cursor } from './cursor.ts';
import { durationSeconds, numberValue } from './number-literal.ts';
import { parseAggregation } from './parse-aggregation.ts';
import { parseCall } from './parse-call.ts';
import { parseMatching } from './parse-matching.ts';
import { parsePostfix } from './parse-postfix.ts';
import { parseVectorSelector } from './parse-selector.ts';
import { isMetricName, type Token } from './token.ts';

/** How tightly each operator binds; `^` alone groups from the right. */
const precedence: ReadonlyMap<string, number> = new Map([
  ['or', 1],
  ['and', 2],
  ['unless', 2],
  ['==', 3],
  ['!=', 3],
  ['<=', 3],
  ['<', 3],
  ['>=', 3],
  ['>', 3],
  ['</', 3],
  ['>/', 3],
  ['+', 4],
  ['-', 4],
  ['*', 5],
  ['/', 5],
  ['%', 5],
  ['atan2', 5],
  ['^', 6],
]);

/** A sign binds like `*`: `-1^2` is `-(1^2)`. */
const unaryPrecedence = 5;

/** Reads an expression of operators that bind more tightly than `minimum`. */
export function parseExpression(cursor: Cursor, minimum: number): Expression {
  return cursor.nested(() => {
    let left = parseUnary(cursor);
    for (;;) {
      const token = cursor.peek();
      const binds = token.kind === 'operator' ? precedence.get(token.value) : undefined;
      if (binds === undefined || binds <= minimum) return left;
      left = parseBinaryRest(cursor, left, binds);
    }
  });
}

const parseWhole = (cursor: Cursor): Expression => parseExpression(cursor, 0);

function parseBinaryRest(cursor: Cursor, left: Expression, binds: number): Expression {
  const operator = cursor.take().value as BinaryOperator;
  const { returnBool, matching } = parseMatching(cursor);
  const right = parseExpression(cursor, operator === '^' ? binds - 1 : binds);
  const span = { start: left.span.start, end: right.span.end };
  return { kind: 'binary', operator, left, right, returnBool, matching, span };
}

function parseUnary(cursor: Cursor): Expression {
  const token = cursor.peek();
  if (token.kind !== 'operator' || (token.value !== '+' && token.value !== '-')) {
    return parsePostfix(cursor, parsePrimary(cursor));
  }
  cursor.take();
  const operand = parseExpression(cursor, unaryPrecedence);
  return signed(token, token.value, operand);
}

/** A signed number is a number, as in Prometheus; any other sign stays in the tree. */
function signed(token: Token, operator: '+' | '-', operand: Expression): Expression {
  const span = { start: token.span.start, end: operand.span.end };
  if (operand.kind !== 'number') return { kind: 'unary', operator, operand, span };
  return { ...operand, value: operator === '-' ? -operand.value : operand.value, span };
}

function parsePrimary(cursor: Cursor): Expression {
  const token = cursor.peek();
  switch (token.kind) {
    case 'number':
    case 'duration':
      return parseNumber(cursor);
    case 'string':
      cursor.take();
      return { kind: 'string', value: token.value, span: token.span };
    case '(':
      return parseParentheses(cursor);
    case '{':
      return parseVectorSelector(cursor);
    default:
      return parseNamed(cursor, token);
  }
}

function parseNamed(cursor: Cursor, token: Token): Expression {
  const following = cursor.peekSecond();
  if (token.kind === 'aggregator' && startsAggregation(following))
    return parseAggregation(cursor, parseWhole);
  if (following.kind === '(' && (token.kind === 'identifier' || callableKeywords.has(token.value))) {
    return parseCall(cursor, parseWhole);
  }
  if (isMetricName(token)) return parseVectorSelector(cursor);
  return cursor.unexpected('', '');
}

/** Keywords that are functions too (all experimental). */
const callableKeywords: ReadonlySet<string> = new Set(['start', 'end', 'step', 'range']);

/** What follows an aggregator's word, where it is not a metric's name. A bare name after it can only be a mistake. */
function startsAggregation(following: Token): boolean {
  return following.kind === '(' || following.value === 'by' || following.value === 'without';
}

function parseNumber(cursor: Cursor): Expression {
  const token = cursor.take();
  if (token.kind === 'number') {
    return { kind: 'number', value: numberValue(token.text), isDuration: false, span: token.span };
  }
  const seconds = durationSeconds(token.text);
  if (seconds === undefined) cursor.fail(token.span, `not a valid duration string: "${token.text}"`);
  return { kind: 'number', value: seconds, isDuration: true, span: token.span };
}

function parseParentheses(cursor: Cursor): Expression {
  const open = cursor.take();
  const inner = parseWhole(cursor);
  const close = cursor.expect(')', '', '');
  return { kind: 'parentheses', inner, span: { start: open.span.start, end: close.span.end } };
}
