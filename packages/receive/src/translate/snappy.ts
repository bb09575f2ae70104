import { Malformed } from '@maru/otlp';
import { tooLarge } from '../inflate.ts';

/**
 * Undoes Snappy's block format, which remote write and Loki's push are sent in. Written here because it is forty lines
 * and the packages on npm are native or unkept. The declared length is checked before anything of that size is made, and
 * every copy stays within it. Throws a `Refusal` when it is too large and `Malformed` when it is no such block.
 *
 * Format: https://github.com/google/snappy/blob/main/format_description.txt
 */
export function unsnap(block: Uint8Array, maxBytes: number): Uint8Array {
  const { length, start } = declaredLength(block);
  if (length > maxBytes) throw tooLarge(maxBytes);
  // One byte of a block makes at most 32: a copy of 64 bytes takes three, or two for 11.
  if (length > block.length * 32) throw new Malformed(0, 'a Snappy block that is too short for its length');
  return new Unsnapping(block, start, length).run();
}

function declaredLength(block: Uint8Array): { readonly length: number; readonly start: number } {
  let length = 0;
  for (let at = 0; at < Math.min(5, block.length); at += 1) {
    const byte = block[at] as number;
    length += (byte & 0x7f) * 2 ** (7 * at);
    if (byte < 0x80) return { length, start: at + 1 };
  }
  throw new Malformed(0, 'no Snappy block: its length does not end');
}

class Unsnapping {
  readonly #block: Uint8Array;
  readonly #out: Uint8Array;
  #read: number;
  #written = 0;

  constructor(block: Uint8Array, start: number, length: number) {
    this.#block = block;
    this.#read = start;
    this.#out = new Uint8Array(length);
  }

  run(): Uint8Array {
    while (this.#read < this.#block.length) this.#element(this.#block[this.#read++] as number);
    if (this.#written !== this.#out.length) throw this.#broken('it ends before its length is reached');
    return this.#out;
  }

  #element(tag: number): void {
    const kind = tag & 3;
    if (kind === 0) this.#literal(tag >>> 2);
    else if (kind === 1) this.#copy(4 + ((tag >>> 2) & 7), ((tag >>> 5) << 8) | this.#little(1));
    else this.#copy(1 + (tag >>> 2), this.#little(kind === 2 ? 2 : 4));
  }

  #literal(size: number): void {
    const length = (size < 60 ? size : this.#little(size - 59)) + 1;
    const end = this.#read + length;
    if (end > this.#block.length) throw this.#broken('a literal passes its end');
    this.#room(length);
    this.#out.set(this.#block.subarray(this.#read, end), this.#written);
    this.#read = end;
    this.#written += length;
  }

  /** Source and target may overlap: then what was just written is repeated. */
  #copy(length: number, offset: number): void {
    if (offset === 0 || offset > this.#written) throw this.#broken('a copy from before its beginning');
    this.#room(length);
    const from = this.#written - offset;
    if (offset >= length) this.#out.copyWithin(this.#written, from, from + length);
    else
      for (let at = 0; at < length; at += 1) this.#out[this.#written + at] = this.#out[from + at] as number;
    this.#written += length;
  }

  #little(bytes: number): number {
    if (this.#read + bytes > this.#block.length) throw this.#broken('an element passes its end');
    let value = 0;
    for (let at = 0; at < bytes; at += 1) value += (this.#block[this.#read++] as number) * 2 ** (8 * at);
    return value;
  }

  #room(length: number): void {
    if (length > this.#out.length - this.#written) throw this.#broken('it holds more than its length says');
  }

  #broken(what: string): Malformed {
    return new Malformed(this.#read, `no Snappy block: ${what}`);
  }
}
