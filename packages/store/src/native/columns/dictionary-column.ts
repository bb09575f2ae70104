import { missingRows, type PaddedColumn } from './column-writer.ts';
import { Dictionary } from './dictionary.ts';
import { Words } from './words.ts';

/** "Shared dictionaries with additional keys", the only version there is. */
const version: Uint8Array = Uint8Array.of(1, 0, 0, 0, 0, 0, 0, 0);
/** The block brings its dictionary along, and it is the whole of it. */
const bringsKeys = 0x600;

/** `LowCardinality(String)`: each distinct text once, and a number a row. */
export class DictionaryColumn implements PaddedColumn {
  readonly type = 'LowCardinality(String)';
  readonly #dictionary: Dictionary = new Dictionary();
  readonly #numbers: Words = new Words();

  get count(): number {
    return this.#numbers.length;
  }

  add(source: Uint8Array, start: number, end: number): void {
    this.#numbers.one(this.#dictionary.numberOf(source, start, end));
  }

  /** The number of a text that many rows have, for `addMany`; until `clear`. */
  numberOf(source: Uint8Array, start: number, end: number): number {
    return this.#dictionary.numberOf(source, start, end);
  }

  /** A text by its number, so many times. */
  addMany(number: number, count: number): void {
    this.#numbers.ones(number, count);
  }

  pad(row: number): void {
    const missing = missingRows(this.count, row);
    if (missing > 0) this.#numbers.ones(0, missing);
  }

  prefix(): readonly Uint8Array[] {
    return [version];
  }

  /** Where there are no rows, as in arrays that are all empty, nothing stands. */
  data(): readonly Uint8Array[] {
    if (this.count === 0) return [];
    const { size, texts } = this.#dictionary;
    const [width, numbers] = narrowed(this.#numbers.written, size);
    const head = new Uint8Array(BigUint64Array.of(BigInt(bringsKeys | width), BigInt(size)).buffer);
    return [head, texts, new Uint8Array(BigUint64Array.of(BigInt(this.count)).buffer), numbers];
  }

  clear(): void {
    this.#dictionary.clear();
    this.#numbers.clear();
  }

  rest(): void {
    this.#dictionary.rest();
    this.#numbers.rest();
  }
}

/** Numbers below `size` in as few bytes as will do, with the format's own number for that width. */
function narrowed(numbers: Uint32Array<ArrayBuffer>, size: number): readonly [number, Uint8Array] {
  if (size <= 0x100) return [0, new Uint8Array(numbers)];
  if (size <= 0x10000) return [1, new Uint8Array(new Uint16Array(numbers).buffer)];
  return [2, new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength)];
}
