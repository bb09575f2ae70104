import { TextDecoder } from 'node:util';

/** Walks the bytes of a `Native` result. */
export class NativeCursor {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
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
    if (end > this.#bytes.length) throw new RangeError("the engine's result ends inside a column");
    const taken = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return taken;
  }

  /** The next `length` bytes in a buffer of their own, aligned for typed arrays. */
  buffer(length: number): ArrayBuffer {
    const copy = new Uint8Array(length);
    copy.set(this.take(length));
    return copy.buffer;
  }

  string(): string {
    return text.decode(this.take(this.varint()));
  }
}

/** Bytes that are not UTF-8 become U+FFFD: what a user sees must be text. */
const text: TextDecoder = new TextDecoder('utf-8', { ignoreBOM: true });
