import { TokenCursor } from '@maru/query-core';
import { parseError } from './error.ts';
import { tokenize } from './lexer.ts';
import type { Token } from './token.ts';

/** The parser's place in a LogQL query. Lives as long as one parse. */
export class Cursor extends TokenCursor<Token> {
  constructor(text: string) {
    super(text, tokenize(text), parseError);
  }

  expectName(what: string): string {
    const { token } = this;
    if (token.kind !== 'word') throw this.unexpected(what);
    this.next();
    return token.text;
  }

  expectString(): string {
    const { token } = this;
    if (token.kind !== 'string') throw this.unexpected('a string');
    this.next();
    return token.value;
  }

  expectDuration(): bigint {
    const { token } = this;
    if (token.kind !== 'duration') throw this.unexpected('a duration such as 5m');
    this.next();
    return token.value;
  }

  /** A number with its sign. */
  expectNumber(): number {
    const sign = this.takeOperator('-') ? -1 : 1;
    if (sign === 1) this.takeOperator('+');
    const { token } = this;
    if (token.kind !== 'number') throw this.unexpected('a number');
    this.next();
    return sign * token.value;
  }
}
