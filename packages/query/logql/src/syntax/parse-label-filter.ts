import type { ComparisonOperator, LabelFilter } from './ast.ts';
import type { Cursor } from './cursor.ts';
import { parseMatcher } from './parse-matcher.ts';

/** Label filters joined by `and`, `,`, `or` or by standing side by side; `and` and its like bind stronger than `or`. */
export function parseLabelFilter(cursor: Cursor): LabelFilter {
  return cursor.nested(() => {
    let left = parseAnd(cursor);
    while (cursor.takeWord('or')) {
      left = { kind: 'logical', operator: 'or', left, right: parseAnd(cursor), start: left.start };
    }
    return left;
  });
}

function parseAnd(cursor: Cursor): LabelFilter {
  let left = parseOne(cursor);
  while (cursor.takeWord('and') || cursor.takeOperator(',') || beginsFilter(cursor)) {
    left = { kind: 'logical', operator: 'and', left, right: parseOne(cursor), start: left.start };
  }
  return left;
}

/** A name and an operator, or an opening parenthesis: another filter without a word between. */
function beginsFilter(cursor: Cursor): boolean {
  if (cursor.isOperator('(')) return true;
  return cursor.token.kind === 'word' && cursor.ahead(1).kind === 'operator' && isComparison(cursor.ahead(1));
}

function isComparison(token: ReturnType<Cursor['ahead']>): boolean {
  return (
    token.kind === 'operator' && ['=', '==', '!=', '=~', '!~', '<', '<=', '>', '>='].includes(token.text)
  );
}

function parseOne(cursor: Cursor): LabelFilter {
  if (cursor.takeOperator('(')) {
    const inner = parseLabelFilter(cursor);
    cursor.expectOperator(')');
    return inner;
  }
  if (cursor.token.kind !== 'word') throw cursor.unexpected('a label name');
  const operand = cursor.ahead(2);
  if (operand.kind === 'string') return { kind: 'matcher', ...parseMatcher(cursor) };
  if (operand.kind === 'word' && operand.text === 'ip') return parseIp(cursor);
  return parseComparison(cursor);
}

function parseIp(cursor: Cursor): LabelFilter {
  const { start } = cursor.token;
  const name = cursor.expectName('a label name');
  const negated = cursor.isOperator('!=');
  if (!negated && !cursor.isOperator('=')) throw cursor.unexpected('= or !=');
  cursor.next();
  cursor.next();
  cursor.expectOperator('(');
  const value = cursor.expectString();
  cursor.expectOperator(')');
  return { kind: 'ip', name, operator: negated ? '!=' : '=', value, start };
}

function parseComparison(cursor: Cursor): LabelFilter {
  const { start } = cursor.token;
  const name = cursor.expectName('a label name');
  const operator = cursor.token;
  if (!isComparison(operator) || cursor.isOperator('=~') || cursor.isOperator('!~')) {
    throw cursor.unexpected('a comparison operator');
  }
  cursor.next();
  const written = operator.kind === 'operator' ? operator.text : '=';
  const valueStart = cursor.token.start;
  const { unit, value } = parseValue(cursor);
  const text = cursor.text.slice(valueStart, cursor.token.start).trim();
  return {
    kind: 'comparison',
    name,
    operator: (written === '==' ? '=' : written) as ComparisonOperator,
    unit,
    value,
    text,
    start,
  };
}

function parseValue(cursor: Cursor): {
  readonly unit: 'number' | 'duration' | 'bytes';
  readonly value: number;
} {
  const { token } = cursor;
  if (token.kind === 'duration') {
    cursor.next();
    return { unit: 'duration', value: Number(token.value) };
  }
  if (token.kind === 'bytes') {
    cursor.next();
    return { unit: 'bytes', value: token.value };
  }
  return { unit: 'number', value: cursor.expectNumber() };
}
