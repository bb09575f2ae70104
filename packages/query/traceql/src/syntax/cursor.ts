import type { QueryError } from '@maru/query-core';
import { parseError } from './error.ts';
import { tokenize } from './lexer.ts';
import { describeToken, type Token } from './token.ts';

/** Deeper nesting than this is refused: the parser and what follows it recurse once a level. */
const maxDepth = 200;

/** The parser's place in a query. Lives as long as one parse. */
export class Cursor {
  readonly text: string;
  readonly #tokens: readonly Token[];
  #at = 0;
  #depth = 0;

  constructor(text: string) {
    this.text = text;
    this.#tokens = tokenize(text);
  }

  get token(): Token {
    return this.#tokens[this.#at] ?? { kind: 'end', start: this.text.length, end: this.text.length };
  }

  /** The token and a step past it. */
  next(): Token {
    const token = this.token;
    this.#at += 1;
    return token;
  }

  isOperator(text: string): boolean {
    return this.token.kind === 'operator' && this.token.text === text;
  }

  isWord(text: string): boolean {
    return this.token.kind === 'word' && this.token.text === text;
  }

  /** Steps past this operator if it is next. */
  takeOperator(text: string): boolean {
    const found = this.isOperator(text);
    if (found) this.#at += 1;
    return found;
  }

  expectOperator(text: string): void {
    if (!this.takeOperator(text)) throw this.unexpected(JSON.stringify(text));
  }

  /** An error at the current token. */
  unexpected(expected: string): QueryError {
    const found = describeToken(this.token, this.text);
    return parseError(this.text, this.token.start, `syntax error: unexpected ${found}, expected ${expected}`);
  }

  error(offset: number, problem: string): QueryError {
    return parseError(this.text, offset, problem);
  }

  /** Runs `parse` one level deeper. */
  nested<Result>(parse: () => Result): Result {
    this.#depth += 1;
    if (this.#depth > maxDepth) {
      throw this.error(this.token.start, `the query is nested deeper than ${maxDepth} levels`);
    }
    const result = parse();
    this.#depth -= 1;
    return result;
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
