import { enumerations } from './enumerations.ts';
import type { Comparison, Expression, Operand, PathOperand } from './expression.ts';
import { ConditionError, type Token, tokensOf } from './tokens.ts';

const comparisons: ReadonlySet<string> = new Set(['==', '!=', '<', '<=', '>', '>=']);

/**
 * Reads a condition of the OpenTelemetry Transformation Language: comparisons of paths with texts, numbers, booleans, `nil` and
 * enumerations, `IsMatch(path, "RE2")`, `IsRootSpan()`, `and`, `or`, `not` and parentheses. Throws a `ConditionError` that names what it
 * does not know.
 */
export function parseCondition(text: string): Expression {
  const parser = new Parser(tokensOf(text));
  const expression = parser.or();
  parser.end();
  return expression;
}

class Parser {
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  or(): Expression {
    let left = this.#and();
    while (this.#takes('or')) left = { kind: 'or', left, right: this.#and() };
    return left;
  }

  end(): void {
    if (this.#next.kind !== 'end') this.#fail(`${JSON.stringify(this.#next.text)} is not expected here`);
  }

  #and(): Expression {
    let left = this.#not();
    while (this.#takes('and')) left = { kind: 'and', left, right: this.#not() };
    return left;
  }

  #not(): Expression {
    return this.#takes('not') ? { kind: 'not', of: this.#not() } : this.#primary();
  }

  #primary(): Expression {
    if (this.#takes('(')) {
      const inner = this.or();
      this.#expect(')');
      return inner;
    }
    if (this.#isCall()) return this.#call();
    const left = this.#operand();
    if (comparisons.has(this.#next.text)) {
      const operator = this.#take().text as Comparison;
      return { kind: 'compare', operator, left, right: this.#operand() };
    }
    if (left.kind === 'value' && typeof left.value === 'boolean')
      return { kind: 'constant', value: left.value };
    return this.#fail('a comparison such as == "text" is expected here');
  }

  #isCall(): boolean {
    return this.#next.kind === 'name' && this.#tokens[this.#at + 1]?.text === '(';
  }

  #call(): Expression {
    const { text, column } = this.#take();
    if (text === 'IsRootSpan') return this.#isRootSpan(column);
    if (text !== 'IsMatch')
      throw new ConditionError(
        column,
        `the function ${text} is not supported; IsMatch(path, "pattern") and IsRootSpan() are`,
      );
    this.#expect('(');
    const of = this.#operand();
    if (of.kind !== 'path') return this.#fail('IsMatch needs a path first');
    this.#expect(',');
    const pattern = this.#next;
    if (pattern.kind !== 'string') this.#fail('IsMatch needs a text as pattern');
    this.#take();
    this.#expect(')');
    return { kind: 'match', of, pattern: textIn(pattern), column: pattern.column };
  }

  /** A span without a parent. Of anything else there is no such path, and that is what the error says. */
  #isRootSpan(column: number): Expression {
    this.#expect('(');
    this.#expect(')');
    const left = { kind: 'path', name: 'parent_span_id.string', key: undefined, column } as const;
    return { kind: 'compare', operator: '==', left, right: { kind: 'value', value: '' } };
  }

  #operand(): Operand {
    const token = this.#next;
    if (token.kind === 'string') return { kind: 'value', value: textIn(this.#take()) };
    if (token.kind === 'number') return { kind: 'value', value: Number(this.#take().text) };
    if (token.kind !== 'name') return this.#fail('a path or a value is expected here');
    if (this.#isCall()) return this.#fail(`the function ${token.text} is not supported within a comparison`);
    if (token.text === 'true' || token.text === 'false')
      return { kind: 'value', value: this.#take().text === 'true' };
    if (token.text === 'nil') {
      this.#take();
      return { kind: 'value', value: undefined };
    }
    const enumerated = enumerations[token.text];
    if (enumerated === undefined) return this.#path();
    this.#take();
    return { kind: 'value', value: enumerated };
  }

  #path(): PathOperand {
    const { text, column } = this.#take();
    let name = text;
    while (this.#takes('.')) name += `.${this.#take().text}`;
    if (!this.#takes('[')) return { kind: 'path', name, key: undefined, column };
    const key = this.#next;
    if (key.kind !== 'string') this.#fail('a key in quotes is expected here');
    this.#take();
    this.#expect(']');
    if (this.#next.text === '[') this.#fail('keys within values are not supported');
    return { kind: 'path', name, key: textIn(key), column };
  }

  get #next(): Token {
    return this.#tokens[this.#at] ?? { kind: 'end', text: '', column: 0 };
  }

  #take(): Token {
    const token = this.#next;
    this.#at += 1;
    return token;
  }

  #takes(text: string): boolean {
    if (this.#next.kind === 'string' || this.#next.text !== text) return false;
    this.#at += 1;
    return true;
  }

  #expect(text: string): void {
    if (!this.#takes(text)) this.#fail(`${text} is expected here`);
  }

  #fail(sentence: string): never {
    throw new ConditionError(this.#next.column, sentence);
  }
}

function textIn({ text, column }: Token): string {
  try {
    return JSON.parse(text) as string;
  } catch {
    throw new ConditionError(column, 'this text has an escape that is not known');
  }
}
