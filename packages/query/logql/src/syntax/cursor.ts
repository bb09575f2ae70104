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
    return this.ahead(0);
  }

  /** The token that many steps further. */
  ahead(steps: number): Token {
    return this.#tokens[this.#at + steps] ?? { kind: 'end', start: this.text.length, end: this.text.length };
  }

  /** The token and a step past it. */
  next(): Token {
    const token = this.token;
    this.#at += 1;
    return token;
  }

  isOperator(text: string, steps = 0): boolean {
    const token = this.ahead(steps);
    return token.kind === 'operator' && token.text === text;
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

  /** Steps past this word if it is next. */
  takeWord(text: string): boolean {
    const found = this.isWord(text);
    if (found) this.#at += 1;
    return found;
  }

  expectOperator(text: string): void {
    if (!this.takeOperator(text)) throw this.unexpected(JSON.stringify(text));
  }

  expectName(what: string): string {
    const { token } = this;
    if (token.kind !== 'word') throw this.unexpected(what);
    this.#at += 1;
    return token.text;
  }

  expectString(): string {
    const { token } = this;
    if (token.kind !== 'string') throw this.unexpected('a string');
    this.#at += 1;
    return token.value;
  }

  expectDuration(): bigint {
    const { token } = this;
    if (token.kind !== 'duration') throw this.unexpected('a duration such as 5m');
    this.#at += 1;
    return token.value;
  }

  /** A number with its sign. */
  expectNumber(): number {
    const sign = this.takeOperator('-') ? -1 : 1;
    if (sign === 1) this.takeOperator('+');
    const { token } = this;
    if (token.kind !== 'number') throw this.unexpected('a number');
    this.#at += 1;
    return sign * token.value;
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
}
