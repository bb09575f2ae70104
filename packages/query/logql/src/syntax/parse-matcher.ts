import { compileAnchored, QueryError } from '@maru/query-core';
import type { Matcher, MatchOperator } from './ast.ts';
import type { Cursor } from './cursor.ts';

const matchOperators: ReadonlySet<string> = new Set(['=', '!=', '=~', '!~']);

/** `name="value"` with one of the four operators. */
export function parseMatcher(cursor: Cursor): Matcher {
  const { start } = cursor.token;
  const name = cursor.expectName('a label name');
  const operator = cursor.token;
  if (operator.kind !== 'operator' || !matchOperators.has(operator.text))
    throw cursor.unexpected('=, !=, =~ or !~');
  cursor.next();
  const valueStart = cursor.token.start;
  const value = cursor.expectString();
  if (operator.text === '=~' || operator.text === '!~')
    checkPattern(cursor, valueStart, () => compileAnchored(value));
  return { name, operator: operator.text as MatchOperator, value, start };
}

/** Gives RE2's complaint about a pattern the pattern's position. */
export function checkPattern(cursor: Cursor, start: number, compile: () => unknown): void {
  try {
    compile();
  } catch (error) {
    if (error instanceof QueryError) throw cursor.error(start, error.message);
    throw error;
  }
}
