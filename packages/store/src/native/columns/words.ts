import { keptBytes } from './column-writer.ts';

/** 32-bit words one after the other, in memory that doubles when it is full. */
export class Words {
  #words: Uint32Array<ArrayBuffer> = new Uint32Array(256);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** What was written, as a view that the next write may change. */
  get written(): Uint32Array<ArrayBuffer> {
    return this.#words.subarray(0, this.#length);
  }

  get writtenBytes(): Uint8Array<ArrayBuffer> {
    return new Uint8Array(this.#words.buffer, 0, this.#length * 4);
  }

  one(value: number): void {
    if (this.#length === this.#words.length) this.#grow();
    this.#words[this.#length] = value;
    this.#length += 1;
  }

  two(low: number, high: number): void {
    if (this.#length + 2 > this.#words.length) this.#grow();
    this.#words[this.#length] = low;
    this.#words[this.#length + 1] = high;
    this.#length += 2;
  }

  /** The same pair so many times. */
  twos(low: number, high: number, count: number): void {
    const end = this.#length + count * 2;
    while (end > this.#words.length) this.#grow();
    if (low === high) this.#words.fill(low, this.#length, end);
    else
      for (let at = this.#length; at < end; at += 2) {
        this.#words[at] = low;
        this.#words[at + 1] = high;
      }
    this.#length = end;
  }

  /** The same word so many times. */
  ones(value: number, count: number): void {
    const end = this.#length + count;
    while (end > this.#words.length) this.#grow();
    this.#words.fill(value, this.#length, end);
    this.#length = end;
  }

  clear(): void {
    this.#length = 0;
  }

  rest(): void {
    this.#length = 0;
    if (this.#words.byteLength > keptBytes) this.#words = new Uint32Array(256);
  }

  #grow(): void {
    const grown = new Uint32Array(this.#words.length * 2);
    grown.set(this.#words);
    this.#words = grown;
  }
}

/** The word that stands at `at`, lowest byte first. */
export function wordAt(bytes: Uint8Array, at: number): number {
  return (
    (bytes[at] as number) |
    ((bytes[at + 1] as number) << 8) |
    ((bytes[at + 2] as number) << 16) |
    ((bytes[at + 3] as number) << 24)
  );
}
