import { readNumberOrDuration } from './number-literal.ts';
import { readStringLiteral } from './string-literal.ts';
import { aggregators, keywords, type Token, type TokenKind, wordOperators } from './token.ts';

/**
 * A query's tokens, the last of kind `end` or `error`. An error does not throw: what is wrong before it is reported
 * first, as Prometheus does.
 */
export function tokenize(text: string): readonly Token[] {
  const lexer = new Lexer(text);
  lexer.run();
  return lexer.tokens;
}

const spaces = /[ \t\n\r]/;
const identifierStart = /[a-zA-Z_:]/;
const identifierPart = /[a-zA-Z0-9_:]/;
const labelPart = /[a-zA-Z0-9_]/;
const twoCharacterOperators: ReadonlySet<string> = new Set(['==', '!=', '<=', '>=', '</', '>/']);

/** A walk over one text; lives for one call of `tokenize`. */
class Lexer {
  readonly tokens: Token[] = [];
  readonly #text: string;
  #at = 0;
  #openParentheses = 0;
  #inBraces = false;
  #inBrackets = false;
  #gotColon = false;

  constructor(text: string) {
    this.#text = text;
  }

  run(): void {
    do this.#skipBlanks();
    while (this.#inBraces ? this.#readInBraces() : this.#readStatement());
  }

  #skipBlanks(): void {
    for (;;) {
      const character = this.#text.charAt(this.#at);
      if (character === '#') this.#at = endOfLine(this.#text, this.#at);
      else if (spaces.test(character)) this.#at += 1;
      else return;
    }
  }

  /** Reads one token outside braces; `false` when it was the last. */
  #readStatement(): boolean {
    const character = this.#text.charAt(this.#at);
    if (character === '') return this.#readEnd();
    if (character === '"' || character === "'" || character === '`') return this.#readString();
    if (isDigit(character) || (character === '.' && isDigit(this.#text.charAt(this.#at + 1)))) {
      return this.#readNumber();
    }
    if (this.#inBrackets && character === ':') return this.#readColon();
    if (identifierStart.test(character)) return this.#readWord();
    return this.#readSymbol(character);
  }

  #readEnd(): boolean {
    if (this.#openParentheses > 0) return this.#fail('unclosed left parenthesis');
    if (this.#inBrackets) return this.#fail('unclosed left bracket');
    return this.#emit('end', this.#at);
  }

  #readColon(): boolean {
    if (this.#gotColon) return this.#fail("unexpected colon ':'");
    this.#gotColon = true;
    return this.#emit(':', this.#at + 1);
  }

  #readString(): boolean {
    const result = readStringLiteral(this.#text, this.#at);
    if ('error' in result) return this.#fail(result.error, result.end);
    return this.#emit('string', result.end, result.value);
  }

  #readNumber(): boolean {
    const result = readNumberOrDuration(this.#text, this.#at);
    if (result.kind === 'error') return this.#fail(result.message, result.end);
    return this.#emit(result.kind, result.end);
  }

  #readWord(): boolean {
    const pattern = this.#inBrackets ? labelPart : identifierPart;
    const end = endOfRun(this.#text, this.#at, pattern);
    const word = this.#text.slice(this.#at, end);
    const lower = word.toLowerCase();
    if (lower === 'inf' || lower === 'nan') return this.#emit('number', end);
    if (aggregators.has(lower)) return this.#emit('aggregator', end, lower);
    if (wordOperators.has(lower)) return this.#emit('operator', end, lower);
    if (keywords.has(lower)) return this.#emit('keyword', end, lower);
    return this.#emit(word.includes(':') ? 'metricIdentifier' : 'identifier', end);
  }

  #readSymbol(character: string): boolean {
    const two = this.#text.slice(this.#at, this.#at + 2);
    if (twoCharacterOperators.has(two)) return this.#emit('operator', this.#at + 2);
    if ('+-*/%^<>'.includes(character)) return this.#emit('operator', this.#at + 1);
    if (character === '=' || character === '!') return this.#readLoneEquals(character);
    if (character === ',' || character === '@') return this.#emit(character, this.#at + 1);
    return this.#readBracket(character);
  }

  #readLoneEquals(character: string): boolean {
    const next = this.#text.charAt(this.#at + 1);
    if (character === '!' || next === '~') {
      return this.#fail(`unexpected character after '${character}': ${shownCharacter(next)}`, this.#at + 1);
    }
    return this.#emit('matchOperator', this.#at + 1);
  }

  #readBracket(character: string): boolean {
    switch (character) {
      case '(':
        this.#openParentheses += 1;
        return this.#emit('(', this.#at + 1);
      case ')':
        if (this.#openParentheses === 0) return this.#fail("unexpected right parenthesis ')'");
        this.#openParentheses -= 1;
        return this.#emit(')', this.#at + 1);
      case '{':
        this.#inBraces = true;
        return this.#emit('{', this.#at + 1);
      case '[':
        if (this.#inBrackets) return this.#fail("unexpected left bracket '['");
        this.#inBrackets = true;
        this.#gotColon = false;
        return this.#emit('[', this.#at + 1);
      case ']':
        if (!this.#inBrackets) return this.#fail("unexpected right bracket ']'");
        this.#inBrackets = false;
        return this.#emit(']', this.#at + 1);
      default:
        return this.#fail(`unexpected character: ${shownCharacter(this.#characterHere())}`);
    }
  }

  /** Reads one token inside braces; `false` when it was the last. */
  #readInBraces(): boolean {
    const character = this.#text.charAt(this.#at);
    if (character === '') return this.#fail('unexpected end of input inside braces');
    if (character === '}') {
      this.#inBraces = false;
      return this.#emit('}', this.#at + 1);
    }
    if (character === '{') return this.#fail(`unexpected left brace '{'`);
    if (character === ',') return this.#emit(',', this.#at + 1);
    if (character === '"' || character === "'" || character === '`') return this.#readString();
    if (/[a-zA-Z_]/.test(character)) {
      return this.#emit('identifier', endOfRun(this.#text, this.#at, labelPart));
    }
    return this.#readMatchOperator(character);
  }

  #readMatchOperator(character: string): boolean {
    const next = this.#text.charAt(this.#at + 1);
    if (character === '=') return this.#emit('matchOperator', this.#at + (next === '~' ? 2 : 1));
    if (character === '!' && (next === '=' || next === '~')) return this.#emit('matchOperator', this.#at + 2);
    if (character === '!') {
      return this.#fail(
        `unexpected character after '!' inside braces: ${shownCharacter(next)}`,
        this.#at + 1,
      );
    }
    return this.#fail(`unexpected character inside braces: ${shownCharacter(this.#characterHere())}`);
  }

  #characterHere(): string {
    return String.fromCodePoint(this.#text.codePointAt(this.#at) ?? 0);
  }

  #emit(kind: TokenKind, end: number, value?: string): boolean {
    const text = this.#text.slice(this.#at, end);
    this.tokens.push({ kind, text, value: value ?? text, span: { start: this.#at, end } });
    this.#at = end;
    return kind !== 'end';
  }

  #fail(message: string, end: number = this.#at + 1): false {
    const span = { start: this.#at, end: Math.min(Math.max(end, this.#at), this.#text.length) };
    this.tokens.push({
      kind: 'error',
      text: this.#text.slice(span.start, span.end),
      value: message,
      span,
    });
    return false;
  }
}

function isDigit(character: string): boolean {
  return character >= '0' && character <= '9';
}

function endOfLine(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  return end === -1 ? text.length : end;
}

function endOfRun(text: string, from: number, part: RegExp): number {
  let end = from;
  while (part.test(text.charAt(end))) end += 1;
  return end;
}

function shownCharacter(character: string): string {
  return character === '' ? "'\\ufffd'" : `'${character}'`;
}
