import { isAscii } from 'node:buffer';
import { TextDecoder } from 'node:util';

/** Walks the bytes of a `Native` result. */
export class NativeCursor {
  readonly #bytes: Buffer;
  #at = 0;
  #wanted = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get at(): number {
    return this.#at;
  }

  /** How many bytes there would have to be, at the least, for what was asked for last. */
  get wanted(): number {
    return this.#wanted;
  }

  get done(): boolean {
    return this.#at >= this.#bytes.length;
  }

  /** LEB128; counts and lengths of a result stay far below 2^53. */
  varint(): number {
    let value = 0;
    let scale = 1;
    for (;;) {
      const byte = this.#bytes[this.#at];
      this.#wanted = this.#at + 1;
      if (byte === undefined) throw new RangeError("the engine's result ends inside a number");
      this.#at += 1;
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
      scale *= 128;
    }
  }

  /** The next `length` bytes, not copied. */
  take(length: number): Uint8Array {
    const end = this.#at + length;
    this.#wanted = end;
    if (end > this.#bytes.length) throw new RangeError("the engine's result ends inside a column");
    const taken = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return taken;
  }

  /** The next `length` bytes in a buffer of their own, aligned for typed arrays. */
  copy(length: number): Uint8Array<ArrayBuffer> {
    const copied = new Uint8Array(length);
    copied.set(this.take(length));
    return copied;
  }

  string(): string {
    return text.decode(this.take(this.varint()));
  }

  /**
   * The next `count` strings. Where all of it is ASCII, as most labels are, the column is turned to text at once and the
   * strings are cut out of that: a decoder's call a string cost three times as much.
   */
  strings(count: number): readonly string[] {
    const start = this.#at;
    const places = new Float64Array(count * 2);
    for (let index = 0; index < count; index += 1) {
      const length = this.varint();
      places[index * 2] = this.#at;
      places[index * 2 + 1] = this.#at + length;
      this.take(length);
    }
    const column = this.#bytes.subarray(start, this.#at);
    const cut = isAscii(column) ? cutter(column.toString('latin1'), start) : this.#decode;
    return Array.from({ length: count }, (_, index) =>
      cut(places[index * 2] ?? start, places[index * 2 + 1] ?? start),
    );
  }

  readonly #decode = (from: number, to: number): string => text.decode(this.#bytes.subarray(from, to));
}

function cutter(column: string, start: number): (from: number, to: number) => string {
  return (from, to) => column.slice(from - start, to - start);
}

/** Bytes that are not UTF-8 become U+FFFD: what a user sees must be text. */
const text: TextDecoder = new TextDecoder('utf-8', { ignoreBOM: true });
