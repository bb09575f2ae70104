import { TokenCursor } from '@maru/query-core';
import { parseError } from './error.ts';
import { tokenize } from './lexer.ts';
import type { Token } from './token.ts';

/** The parser's place in a TraceQL query. Lives as long as one parse. */
export class Cursor extends TokenCursor<Token> {
  constructor(text: string) {
    super(text, tokenize(text), parseError);
  }

  /** `( item, item, … )` with at least `min` items. */
  list<Item>(min: number, parse: () => Item): readonly Item[] {
    this.expectOperator('(');
    const items: Item[] = [];
    if (min === 0 && this.takeOperator(')')) return items;
    do items.push(parse());
    while (this.takeOperator(','));
    this.expectOperator(')');
    return items;
  }
}
