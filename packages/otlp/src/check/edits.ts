import { Malformed } from '../wire.ts';

interface Edit {
  readonly start: number;
  readonly end: number;
  readonly content: Uint8Array;
}

const nothing = new Uint8Array(0);

/** Index bits of a sort key; a request's offsets fit in the 32 bits above them. */
const indexSpan = 2 ** 20;

/**
 * What has to change in a request: ranges of the original bytes and what stands there instead. Most requests need
 * no edit and are passed on as the very buffer that came in.
 */
export class Edits {
  /**
   * A request of 64 MiB could ask for an edit every four bytes, gigabytes in all. A sound one needs some four for each
   * item with an array or list, so that this is the number of edits of a request of 250,000 such spans.
   */
  static readonly most: number = indexSpan;

  private readonly edits: Edit[] = [];
  private grown = 0;

  /** Bytes that the edits so far add (or, when negative, remove). */
  get growth(): number {
    return this.grown;
  }

  /** A point to return to with `undoTo`. */
  get mark(): number {
    return this.edits.length;
  }

  /** Ranges never overlap; a range of no bytes inserts. Throws `Malformed` when there are too many. */
  replace(start: number, end: number, content: Uint8Array): void {
    if (this.edits.length === Edits.most) {
      throw new Malformed(start, `more than ${Edits.most} places that would have to be rewritten`);
    }
    this.edits.push({ start, end, content });
    this.grown += content.length - (end - start);
  }

  cut(start: number, end: number): void {
    this.replace(start, end, nothing);
  }

  /** Forgets the edits made since `mark`: the range around them is about to be replaced as a whole. */
  undoTo(mark: number): void {
    for (let index = mark; index < this.edits.length; index++) {
      const { start, end, content } = this.edits[index] as Edit;
      this.grown -= content.length - (end - start);
    }
    this.edits.length = mark;
  }

  /** The edited bytes: the same buffer when there is nothing to edit, else a copy. */
  apply(bytes: Uint8Array): Uint8Array {
    if (this.edits.length === 0) return bytes;
    const edited = new Uint8Array(bytes.length + this.grown);
    let read = 0;
    let written = 0;
    for (const index of this.order()) {
      const { start, end, content } = this.edits[index] as Edit;
      written = copy(bytes, read, start, edited, written);
      edited.set(content, written);
      written += content.length;
      read = end;
    }
    copy(bytes, read, bytes.length, edited, written);
    return edited;
  }

  /**
   * The edits by their start. A length is mended after its content, so they are nearly in order; sorting them as
   * numbers takes a tenth of the time that a comparing function takes.
   */
  private order(): Uint32Array {
    const keys = Float64Array.from(this.edits, ({ start }, index) => start * indexSpan + index);
    return Uint32Array.from(keys.sort(), (key) => key % indexSpan);
  }
}

const shortCopy = 32;

/** Copies a range and returns where the next one goes. A view costs more than a few bytes do. */
function copy(from: Uint8Array, start: number, end: number, to: Uint8Array, at: number): number {
  const length = end - start;
  if (length > shortCopy) to.set(from.subarray(start, end), at);
  else for (let index = 0; index < length; index++) to[at + index] = from[start + index] as number;
  return at + length;
}
