import { doubleField, lengthDelimited, stringField, varintField } from '@maru/otlp';

/** Field numbers of AnyValue. */
const array = 5;
const keyValueList = 6;

/**
 * The AnyValue that a JSON text was made of, on the way in, by the check: objects become key-value lists with all their keys in
 * order, numbers without fraction and exponent int64, others doubles. What the text does not tell apart stays a
 * string: bytes (base64), NaN and the infinities. Throws when the text is not such JSON, which only damage can make it.
 */
export function anyValueOfJson(text: string): Uint8Array {
  const reader = new JsonReader(text);
  const value = reader.value();
  reader.end();
  return value;
}

/** A reader of its own, since `JSON.parse` keeps neither equal keys nor the difference of 1 and 1.0, nor 64 bits. */
class JsonReader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  value(): Uint8Array {
    const next = this.#text[this.#at];
    if (next === '[')
      return lengthDelimited(array, ...this.#members(']', () => lengthDelimited(1, this.value())));
    if (next === '{') return lengthDelimited(keyValueList, ...this.#members('}', () => this.#member()));
    if (next === '"') return stringField(1, this.#string());
    return this.#word();
  }

  end(): void {
    if (this.#at !== this.#text.length) this.#fail();
  }

  #members(close: string, read: () => Uint8Array): readonly Uint8Array[] {
    const members: Uint8Array[] = [];
    this.#at += 1;
    while (this.#text[this.#at] !== close) {
      if (members.length > 0) this.#expect(',');
      members.push(read());
    }
    this.#at += 1;
    return members;
  }

  #member(): Uint8Array {
    const key = this.#string();
    this.#expect(':');
    return lengthDelimited(1, stringField(1, key), lengthDelimited(2, this.value()));
  }

  #string(): string {
    const start = this.#at;
    if (this.#text[start] !== '"') this.#fail();
    let end = start + 1;
    while (this.#text[end] !== '"') {
      if (end >= this.#text.length) this.#fail();
      end += this.#text[end] === '\\' ? 2 : 1;
    }
    this.#at = end + 1;
    return JSON.parse(this.#text.slice(start, end + 1)) as string;
  }

  #word(): Uint8Array {
    const [word = ''] = /^[-+.\w]+/.exec(this.#text.slice(this.#at, this.#at + longestWord)) ?? [];
    this.#at += word.length;
    if (word === 'null') return new Uint8Array(0);
    if (word === 'true' || word === 'false') return varintField(2, word === 'true' ? 1 : 0);
    if (/^-?\d+$/.test(word)) return varintField(3, BigInt(word));
    const number = Number(word);
    return word === '' || Number.isNaN(number) ? this.#fail() : doubleField(4, number);
  }

  #expect(character: string): void {
    if (this.#text[this.#at] !== character) this.#fail();
    this.#at += 1;
  }

  #fail(): never {
    throw new Error(`a value's JSON text cannot be read at character ${this.#at}`);
  }
}

/** The longest number: a double with all its digits. */
const longestWord = 32;
