import type { Call, Expression } from './ast.ts';
import type { Cursor } from './cursor.ts';

/** Reads one whole expression; handed down by the expression parser, which calls the parsers of its parts. */
export type ParseOperand = (cursor: Cursor) => Expression;

/** Reads `name(argument, …)`. Whether such a function exists is for the check. */
export function parseCall(cursor: Cursor, parseOperand: ParseOperand): Call {
  const name = cursor.take();
  const list = parseArguments(cursor, parseOperand);
  const span = { start: name.span.start, end: cursor.previous.span.end };
  return { kind: 'call', name: name.value, arguments: list, span };
}

/** Reads `(expression, …)`. */
export function parseArguments(cursor: Cursor, parseOperand: ParseOperand): readonly Expression[] {
  cursor.expect('(', '', '');
  const list: Expression[] = [];
  if (cursor.takeIf(')')) return list;
  for (;;) {
    list.push(parseOperand(cursor));
    if (cursor.takeIf(')')) return list;
    const comma = cursor.expect(',', '', '');
    if (cursor.is(')')) cursor.fail(comma.span, 'trailing commas not allowed in function call args');
  }
}
