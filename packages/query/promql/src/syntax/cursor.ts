import { positionAt, printPosition, QueryError, type Span } from '@maru/query-core';
import { describeToken, type Token, type TokenKind } from './token.ts';

/** Deeper nesting is refused: the parser and everything behind it recurse. Prometheus has no such limit; Go's stack grows. */
const maxDepth = 250;

/** A position in a query's tokens; lives for one parse. */
export class Cursor {
  readonly text: string;
  readonly #tokens: readonly Token[];
  #index = 0;
  #depth = 0;

  constructor(text: string, tokens: readonly Token[]) {
    this.text = text;
    this.#tokens = tokens;
  }

  /** The token that comes next. Throws when the lexer could not read it. */
  peek(): Token {
    const token = this.#at(this.#index);
    if (token.kind === 'error') throw parseError(this.text, token.span, token.value);
    return token;
  }

  /** The token after the next; an unreadable one is simply not what anyone looks for. */
  peekSecond(): Token {
    return this.#at(this.#index + 1);
  }

  /** The token that was taken last. */
  get previous(): Token {
    return this.#at(Math.max(0, this.#index - 1));
  }

  take(): Token {
    const token = this.peek();
    this.#index = Math.min(this.#index + 1, this.#tokens.length - 1);
    return token;
  }

  /** Takes the next token when it is of this kind (and value). */
  takeIf(kind: TokenKind, value?: string): Token | undefined {
    return this.is(kind, value) ? this.take() : undefined;
  }

  is(kind: TokenKind, value?: string): boolean {
    const token = this.peek();
    return token.kind === kind && (value === undefined || token.value === value);
  }

  /** Takes a token of this kind, or fails with Prometheus's "unexpected … in …, expected …". */
  expect(kind: TokenKind, context: string, expected: string): Token {
    return this.takeIf(kind) ?? this.unexpected(context, expected);
  }

  unexpected(context: string, expected: string): never {
    const token = this.peek();
    const where = context === '' ? '' : ` in ${context}`;
    const wanted = expected === '' ? '' : `, expected ${expected}`;
    this.fail(token.span, `unexpected ${describeToken(token)}${where}${wanted}`);
  }

  fail(span: Span, message: string): never {
    throw parseError(this.text, span, message);
  }

  /** Runs one level of nesting. */
  nested<T>(parse: () => T): T {
    this.#depth += 1;
    if (this.#depth > maxDepth) {
      this.fail(this.peek().span, `expression is nested more than ${maxDepth} levels deep`);
    }
    const result = parse();
    this.#depth -= 1;
    return result;
  }

  #at(index: number): Token {
    const token = this.#tokens[Math.min(index, this.#tokens.length - 1)];
    if (token === undefined) throw new RangeError('a query has at least its end token');
    return token;
  }
}

/** Prometheus's error of a query that cannot be read: `1:5: parse error: …`. */
export function parseError(text: string, span: Span, message: string): QueryError {
  const position = positionAt(text, span.start);
  return new QueryError('bad_data', `${printPosition(position)}: parse error: ${message}`, position);
}
