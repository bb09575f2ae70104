import type { QueryError } from './errors.ts';
import type { Span } from './position.ts';

/** What any language's lexer gives: a place and a kind, of which `operator`, `word` and `end` mean the same in all. */
export interface PlacedToken extends Span {
  readonly kind: string;
  readonly text?: string;
}

/** Words an error at an offset of a query in its language's own way. */
export type ErrorAt = (text: string, offset: number, problem: string) => QueryError;

/** Deeper nesting than this is refused: the parsers and what follows them recurse once a level. */
const maxDepth = 200;

/** A parser's place in a query. Lives as long as one parse. */
export class TokenCursor<Token extends PlacedToken> {
  readonly text: string;
  readonly #tokens: readonly [...Token[], Token];
  readonly #errorAt: ErrorAt;
  #at = 0;
  #depth = 0;

  /** @param tokens all of the query's, the last of them `end` */
  constructor(text: string, tokens: readonly [...Token[], Token], errorAt: ErrorAt) {
    this.text = text;
    this.#tokens = tokens;
    this.#errorAt = errorAt;
  }

  get token(): Token {
    return this.ahead(0);
  }

  /** The token that many steps further; beyond the end it is the end. */
  ahead(steps: number): Token {
    const at = Math.min(this.#at + steps, this.#tokens.length - 1);
    return this.#tokens[at] as Token;
  }

  /** The token and a step past it. */
  next(): Token {
    const { token } = this;
    this.#at += 1;
    return token;
  }

  isOperator(text: string, steps = 0): boolean {
    return isNamed(this.ahead(steps), 'operator', text);
  }

  isWord(text: string): boolean {
    return isNamed(this.token, 'word', text);
  }

  /** Steps past this operator if it is next. */
  takeOperator(text: string): boolean {
    return this.#take(this.isOperator(text));
  }

  /** Steps past this word if it is next. */
  takeWord(text: string): boolean {
    return this.#take(this.isWord(text));
  }

  expectOperator(text: string): void {
    if (!this.takeOperator(text)) throw this.unexpected(JSON.stringify(text));
  }

  /** An error at the current token. */
  unexpected(expected: string): QueryError {
    const { start, end, kind } = this.token;
    const found = kind === 'end' ? 'end of query' : JSON.stringify(this.text.slice(start, end));
    return this.error(start, `syntax error: unexpected ${found}, expected ${expected}`);
  }

  error(offset: number, problem: string): QueryError {
    return this.#errorAt(this.text, offset, problem);
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

  #take(isNext: boolean): boolean {
    if (isNext) this.#at += 1;
    return isNext;
  }
}

function isNamed(token: PlacedToken, kind: string, text: string): boolean {
  return token.kind === kind && token.text === text;
}
