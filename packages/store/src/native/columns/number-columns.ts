import { missingRows, type PaddedColumn } from './column-writer.ts';
import { GrowingBytes } from './growing-bytes.ts';
import { Words, wordAt } from './words.ts';

const none: readonly Uint8Array[] = [];

/** Numbers of 64 bits, whole or not, as two words each: JavaScript has no number that holds them all and costs no object. */
export class Column64 implements PaddedColumn {
  readonly type: string;
  readonly #words: Words = new Words();

  constructor(type: 'UInt64' | 'Int64' | 'Float64' | `DateTime64(${number}, 'UTC')`) {
    this.type = type;
  }

  get count(): number {
    return this.#words.length / 2;
  }

  add(low: number, high: number): void {
    this.#words.two(low, high);
  }

  /** The eight bytes at `at`, as protobuf's fixed64 and double have them. */
  copy(source: Uint8Array, at: number): void {
    this.#words.two(wordAt(source, at), wordAt(source, at + 4));
  }

  /** The same number so many times. */
  addMany(low: number, high: number, count: number): void {
    this.#words.twos(low, high, count);
  }

  pad(row: number): void {
    const missing = missingRows(this.count, row);
    if (missing > 0) this.#words.twos(0, 0, missing);
  }

  prefix(): readonly Uint8Array[] {
    return none;
  }

  data(): readonly Uint8Array[] {
    return [this.#words.writtenBytes];
  }

  clear(): void {
    this.#words.clear();
  }

  rest(): void {
    this.#words.rest();
  }
}

/** Numbers of 32 bits. */
export class Column32 implements PaddedColumn {
  readonly type = 'UInt32';
  readonly #words: Words = new Words();

  get count(): number {
    return this.#words.length;
  }

  add(value: number): void {
    this.#words.one(value);
  }

  pad(row: number): void {
    const missing = missingRows(this.count, row);
    if (missing > 0) this.#words.ones(0, missing);
  }

  prefix(): readonly Uint8Array[] {
    return none;
  }

  data(): readonly Uint8Array[] {
    return [this.#words.writtenBytes];
  }

  clear(): void {
    this.#words.clear();
  }

  rest(): void {
    this.#words.rest();
  }
}

/** Numbers of a byte: booleans, enums. */
export class Column8 implements PaddedColumn {
  readonly type: string;
  readonly #bytes: GrowingBytes = new GrowingBytes();

  /** @param type `UInt8`, `Bool`, or an `Enum8` with all that it has */
  constructor(type: string) {
    this.type = type;
  }

  get count(): number {
    return this.#bytes.length;
  }

  add(value: number): void {
    this.#bytes.byte(value);
  }

  pad(row: number): void {
    const missing = missingRows(this.count, row);
    if (missing > 0) this.#bytes.zeros(missing);
  }

  prefix(): readonly Uint8Array[] {
    return none;
  }

  data(): readonly Uint8Array[] {
    return [this.#bytes.written];
  }

  clear(): void {
    this.#bytes.clear();
  }

  rest(): void {
    this.#bytes.rest();
  }
}
