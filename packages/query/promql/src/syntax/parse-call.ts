import type { Call, Expression } from './ast.ts';
import type { Cursor } from './cursor.ts';
import { parseExpression } from './parse-expression.ts';

/** Reads `name(argument, …)`. Whether such a function exists is for the check. */
export function parseCall(cursor: Cursor): Call {
  const name = cursor.take();
  const list = parseArguments(cursor);
  const span = { start: name.span.start, end: cursor.previous.span.end };
  return { kind: 'call', name: name.value, arguments: list, span };
}

/** Reads `(expression, …)`. */
export function parseArguments(cursor: Cursor): readonly Expression[] {
  cursor.expect('(', '', '');
  const list: Expression[] = [];
  if (cursor.takeIf(')')) return list;
  for (;;) {
    list.push(parseExpression(cursor, 0));
    if (cursor.takeIf(')')) return list;
    const comma = cursor.expect(',', '', '');
    if (cursor.is(')')) cursor.fail(comma.span, 'trailing commas not allowed in function call args');
  }
}
