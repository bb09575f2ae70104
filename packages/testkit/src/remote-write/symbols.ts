import { concat, varint } from '@maru/otlp';

/** A table of symbols, as remote write 2.0 has in place of texts; the first is always ''. */
export class Symbols {
  readonly #numbers = new Map<string, number>([['', 0]]);

  /** References of texts, packed. */
  references(texts: readonly string[]): Uint8Array {
    return concat(...texts.map((text) => varint(this.#number(text))));
  }

  get texts(): readonly string[] {
    return [...this.#numbers.keys()];
  }

  #number(text: string): number {
    const number = this.#numbers.get(text) ?? this.#numbers.size;
    this.#numbers.set(text, number);
    return number;
  }
}
