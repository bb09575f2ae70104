import type { Expression } from './ast.ts';
import { Cursor, parseError } from './cursor.ts';
import { tokenize } from './lexer.ts';
import { parseExpression } from './parse-expression.ts';

/**
 * Reads a query. Types and argument counts are not looked at here (see `check`).
 *
 * @example parse('sum by (job) (rate(http_requests_total[5m]))')
 * @throws QueryError of kind `bad_data`, in Prometheus's words: `1:5: parse error: unexpected <op:*>`
 */
export function parse(text: string): Expression {
  const tokens = tokenize(text);
  if (tokens[0]?.kind === 'end') {
    throw parseError(text, { start: 0, end: 0 }, 'no expression found in input');
  }
  const cursor = new Cursor(text, tokens);
  const expression = parseExpression(cursor, 0);
  if (!cursor.is('end')) cursor.unexpected('', '');
  return expression;
}
