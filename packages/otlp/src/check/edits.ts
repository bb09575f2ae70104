import { concat } from '../encode.ts';

interface Edit {
  readonly start: number;
  readonly end: number;
  readonly content: Uint8Array;
}

/**
 * What has to change in a request: ranges of the original bytes and what stands there instead. Most requests need
 * no edit and are passed on as the very buffer that came in.
 */
export class Edits {
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

  replace(start: number, end: number, content: Uint8Array): void {
    this.edits.push({ start, end, content });
    this.grown += content.length - (end - start);
  }

  cut(start: number, end: number): void {
    this.replace(start, end, new Uint8Array(0));
  }

  /** Forgets the edits made since `mark`: the range around them is about to be replaced as a whole. */
  undoTo(mark: number): void {
    for (const { start, end, content } of this.edits.splice(mark))
      this.grown -= content.length - (end - start);
  }

  /** The edited bytes: the same buffer when there is nothing to edit, else a copy. */
  apply(bytes: Uint8Array): Uint8Array {
    if (this.edits.length === 0) return bytes;
    const parts: Uint8Array[] = [];
    let position = 0;
    for (const { start, end, content } of this.edits.toSorted((left, right) => left.start - right.start)) {
      parts.push(bytes.subarray(position, start), content);
      position = end;
    }
    return concat(...parts, bytes.subarray(position));
  }
}
