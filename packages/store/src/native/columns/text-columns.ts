import { missingRows, type PaddedColumn } from './column-writer.ts';
import { GrowingBytes } from './growing-bytes.ts';

const none: readonly Uint8Array[] = [];

/** Texts, or any bytes. */
export class StringColumn implements PaddedColumn {
  readonly type = 'String';
  readonly #bytes: GrowingBytes = new GrowingBytes();
  #count = 0;

  get count(): number {
    return this.#count;
  }

  add(source: Uint8Array, start: number, end: number): void {
    this.#bytes.varint(end - start);
    this.#bytes.range(source, start, end);
    this.#count += 1;
  }

  pad(row: number): void {
    const missing = missingRows(this.#count, row);
    if (missing > 0) this.#bytes.zeros(missing);
    this.#count += missing;
  }

  prefix(): readonly Uint8Array[] {
    return none;
  }

  data(): readonly Uint8Array[] {
    return [this.#bytes.written];
  }

  clear(): void {
    this.#bytes.clear();
    this.#count = 0;
  }

  rest(): void {
    this.#bytes.rest();
    this.#count = 0;
  }
}

/** Bytes of one length; shorter ones are followed by zeros. */
export class FixedStringColumn implements PaddedColumn {
  readonly type: string;
  readonly #width: number;
  readonly #bytes: GrowingBytes = new GrowingBytes();

  constructor(width: number) {
    this.type = `FixedString(${width})`;
    this.#width = width;
  }

  get count(): number {
    return this.#bytes.length / this.#width;
  }

  /** Throws a `RangeError` when there are more than the column takes. */
  add(source: Uint8Array, start: number, end: number): void {
    const missing = this.#width - (end - start);
    if (missing < 0) throw new RangeError(`${end - start} bytes where there may be ${this.#width}`);
    this.#bytes.range(source, start, end);
    if (missing > 0) this.#bytes.zeros(missing);
  }

  pad(row: number): void {
    const missing = missingRows(this.count, row);
    if (missing > 0) this.#bytes.zeros(missing * this.#width);
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
