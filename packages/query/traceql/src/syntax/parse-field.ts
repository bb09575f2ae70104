import type { FieldExpression, FieldOperator, KindName, Static, StatusName } from './ast.ts';
import type { Cursor } from './cursor.ts';
import type { Token } from './token.ts';
import { intrinsics, kindNames, statusNames } from './vocabulary.ts';

/** How strongly each operator binds; `&&` and `||` bind alike, as in Tempo, and both from the left. */
export const fieldPrecedence: ReadonlyMap<string, number> = new Map([
  ...precedence(1, '&&', '||'),
  ...precedence(2, '=', '!=', '<', '<=', '>', '>=', '=~', '!~'),
  ...precedence(3, '+', '-'),
  ...precedence(5, '*', '/', '%'),
  ...precedence(6, '^'),
]);

/** What a sign or a `!` takes with it: `-a * b` is `-(a * b)`, `!a = b` is `(!a) = b`. */
export const unaryPrecedence: Readonly<Record<'-' | '!', number>> = { '-': 4, '!': 5 };

function precedence(level: number, ...operators: readonly string[]): readonly (readonly [string, number])[] {
  return operators.map((operator) => [operator, level] as const);
}

/** Parses what stands inside braces. */
export function parseField(cursor: Cursor, minPrecedence = 1): FieldExpression {
  return cursor.nested(() => {
    let left = parseOperand(cursor);
    for (let level = levelAt(cursor); level >= minPrecedence; level = levelAt(cursor)) {
      const operator = operatorText(cursor.next()) as FieldOperator;
      const right = parseField(cursor, operator === '^' ? level : level + 1);
      left = { kind: 'binary', operator, left, right, start: left.start };
    }
    return left;
  });
}

function levelAt({ token }: Cursor): number {
  return token.kind === 'operator' ? (fieldPrecedence.get(token.text) ?? 0) : 0;
}

function operatorText(token: Token): string {
  return token.kind === 'operator' ? token.text : '';
}

function parseOperand(cursor: Cursor): FieldExpression {
  const { token } = cursor;
  if (cursor.takeOperator('(')) {
    const inner = parseField(cursor);
    cursor.expectOperator(')');
    return inner;
  }
  if (cursor.isOperator('-') || cursor.isOperator('!')) return parseUnary(cursor);
  if (token.kind === 'attribute') {
    cursor.next();
    return {
      kind: 'attribute',
      ofParent: token.ofParent,
      scope: token.scope,
      name: token.name,
      start: token.start,
    };
  }
  if (token.kind === 'intrinsic' || token.kind === 'word') return parseWord(cursor, token.text);
  return parseStatic(cursor);
}

function parseUnary(cursor: Cursor): FieldExpression {
  const { start } = cursor.token;
  const operator = operatorText(cursor.next()) === '-' ? '-' : '!';
  const operand = parseField(cursor, unaryPrecedence[operator]);
  const negated = operator === '-' ? negateNumber(operand, start) : undefined;
  return negated ?? { kind: 'unary', operator, operand, start };
}

/** A sign before a number is part of the number. */
function negateNumber(operand: FieldExpression, start: number): Static | undefined {
  if (operand.kind !== 'static') return undefined;
  if (operand.type === 'int' || operand.type === 'duration')
    return { ...operand, value: -operand.value, start };
  return operand.type === 'float' ? { ...operand, value: -operand.value, start } : undefined;
}

function parseWord(cursor: Cursor, text: string): FieldExpression {
  const { start } = cursor.token;
  if (intrinsics.has(text)) {
    cursor.next();
    return { kind: 'intrinsic', name: text, start };
  }
  return parseStatic(cursor);
}

/** A literal: string, number, duration, boolean, nil, status or kind. */
export function parseStatic(cursor: Cursor): Static {
  const { token } = cursor;
  const value = token.kind === 'word' ? wordStatic(token.text, token.start) : tokenStatic(token);
  if (value === undefined) throw cursor.unexpected('an attribute, an intrinsic or a value');
  cursor.next();
  return value;
}

function tokenStatic(token: Token): Static | undefined {
  const { start } = token;
  switch (token.kind) {
    case 'string':
      return { kind: 'static', type: 'string', value: token.value, start };
    case 'int':
      return { kind: 'static', type: 'int', value: token.value, start };
    case 'float':
      return { kind: 'static', type: 'float', value: token.value, start };
    case 'duration':
      return { kind: 'static', type: 'duration', value: token.value, start };
    default:
      return undefined;
  }
}

function wordStatic(word: string, start: number): Static | undefined {
  if (word === 'true' || word === 'false')
    return { kind: 'static', type: 'bool', value: word === 'true', start };
  if (word === 'nil') return { kind: 'static', type: 'nil', start };
  if (statusNames.has(word)) return { kind: 'static', type: 'status', value: word as StatusName, start };
  if (kindNames.has(word)) return { kind: 'static', type: 'kind', value: word as KindName, start };
  return undefined;
}
