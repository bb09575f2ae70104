import { keptBytes } from './column-writer.ts';

/** Up to here a loop copies faster than a call that has to make a view first. */
const longestLoop = 48;

/** Bytes one after the other, in memory that doubles when it is full. */
export class GrowingBytes {
  #bytes: Uint8Array<ArrayBuffer> = new Uint8Array(1024);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** The memory itself, of which `length` bytes are written; another one after the next write. */
  get memory(): Uint8Array<ArrayBuffer> {
    return this.#bytes;
  }

  get written(): Uint8Array<ArrayBuffer> {
    return this.#bytes.subarray(0, this.#length);
  }

  byte(value: number): void {
    if (this.#length === this.#bytes.length) this.#grow(1);
    this.#bytes[this.#length] = value;
    this.#length += 1;
  }

  /** LEB128 of a whole number below 2^32. */
  varint(value: number): void {
    let rest = value;
    while (rest >= 0x80) {
      this.byte((rest & 0x7f) | 0x80);
      rest >>>= 7;
    }
    this.byte(rest);
  }

  /** The bytes of `source` from `start` up to `end`. */
  range(source: Uint8Array, start: number, end: number): void {
    const length = end - start;
    const at = this.#length;
    if (at + length > this.#bytes.length) this.#grow(length);
    this.#length = at + length;
    if (length > longestLoop) this.#bytes.set(source.subarray(start, end), at);
    else copyBytes(source, start, length, this.#bytes, at);
  }

  zeros(length: number): void {
    if (this.#length + length > this.#bytes.length) this.#grow(length);
    this.#bytes.fill(0, this.#length, this.#length + length);
    this.#length += length;
  }

  clear(): void {
    this.#length = 0;
  }

  rest(): void {
    this.#length = 0;
    if (this.#bytes.length > keptBytes) this.#bytes = new Uint8Array(1024);
  }

  #grow(by: number): void {
    const grown = new Uint8Array(Math.max(this.#bytes.length * 2, this.#length + by));
    grown.set(this.written);
    this.#bytes = grown;
  }
}

function copyBytes(from: Uint8Array, start: number, length: number, to: Uint8Array, at: number): void {
  for (let index = 0; index < length; index += 1) to[at + index] = from[start + index] as number;
}
