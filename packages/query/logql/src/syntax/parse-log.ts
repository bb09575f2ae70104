import { compileAnchored, compilePattern } from '@maru/query-core';
import type {
  LineFilter,
  LineFilterOperand,
  LineFilterOperator,
  LogExpression,
  Matcher,
  Stage,
} from './ast.ts';
import type { Cursor } from './cursor.ts';
import { checkPattern, parseMatcher } from './parse-matcher.ts';
import { parseStageAfterPipe } from './parse-stage.ts';

/** `{ name="value", … }` and the stages after it. */
export function parseLog(cursor: Cursor): LogExpression {
  const { start } = cursor.token;
  const selector = parseSelector(cursor);
  checkSelector(cursor, selector, start);
  return { kind: 'log', selector, stages: parseStages(cursor), start };
}

function parseSelector(cursor: Cursor): readonly Matcher[] {
  cursor.expectOperator('{');
  const matchers: Matcher[] = [];
  while (!cursor.isOperator('}')) {
    matchers.push(parseMatcher(cursor));
    if (!cursor.takeOperator(',')) break;
  }
  cursor.expectOperator('}');
  return matchers;
}

/** Loki refuses a query that selects everything: at least one matcher must not match the empty value. */
function checkSelector(cursor: Cursor, selector: readonly Matcher[], start: number): void {
  if (selector.some((matcher) => !matchesEmpty(matcher))) return;
  throw cursor.error(
    start,
    'queries require at least one regexp or equality matcher that does not have an empty-compatible value. For ' +
      'instance, app=~".*" does not meet this requirement, but app=~".+" will',
  );
}

/** Whether a matcher holds for an absent label. */
function matchesEmpty({ operator, value }: Matcher): boolean {
  switch (operator) {
    case '=':
      return value === '';
    case '!=':
      return value !== '';
    case '=~':
      return compileAnchored(value)('');
    case '!~':
      return !compileAnchored(value)('');
  }
}

/** Every stage up to what is none. */
export function parseStages(cursor: Cursor): readonly Stage[] {
  const stages: Stage[] = [];
  for (;;) {
    if (isLineFilter(cursor)) stages.push(parseLineFilter(cursor));
    else if (cursor.isOperator('|')) stages.push(parseStageAfterPipe(cursor));
    else return stages;
  }
}

const lineFilterOperators: ReadonlySet<string> = new Set(['|=', '|~', '|>', '!=', '!~', '!>']);

/** `!=` after a log expression is a line filter only before a string or ip(): it may be a comparison of numbers. */
function isLineFilter(cursor: Cursor): boolean {
  const { token } = cursor;
  if (token.kind !== 'operator' || !lineFilterOperators.has(token.text)) return false;
  const following = cursor.ahead(1);
  return (
    following.kind === 'string' ||
    (following.kind === 'word' && following.text === 'ip') ||
    token.text.startsWith('|')
  );
}

function parseLineFilter(cursor: Cursor): LineFilter {
  const { start } = cursor.token;
  const operator = cursor.next();
  const text = cursor.text.slice(operator.start, operator.end) as LineFilterOperator;
  const operands = [parseOperand(cursor, text)];
  while (cursor.takeWord('or')) operands.push(parseOperand(cursor, text));
  return { kind: 'lineFilter', operator: text, operands, start };
}

function parseOperand(cursor: Cursor, operator: LineFilterOperator): LineFilterOperand {
  const { start } = cursor.token;
  if (cursor.takeWord('ip')) {
    if (operator !== '|=' && operator !== '!=') throw cursor.error(start, 'ip() can only follow |= and !=');
    cursor.expectOperator('(');
    const value = cursor.expectString();
    cursor.expectOperator(')');
    return { function: 'ip', value, start };
  }
  const value = cursor.expectString();
  if (operator === '|~' || operator === '!~') checkPattern(cursor, start, () => compilePattern(value));
  return { function: undefined, value, start };
}
