/** Gives memory for a result's columns, aligned to 8 bytes. */
export type Allocate = (byteLength: number) => Uint8Array<ArrayBuffer>;

/** Memory of its own for each column, which is let go with it. */
export const allocateOwn: Allocate = (byteLength) => new Uint8Array(byteLength);

/**
 * Memory that is used again. Fresh memory of the size of a large result costs as much as to compute it: the system zeroes
 * its pages, and JavaScript's collector runs more often. What was allocated is valid until `reset`.
 */
export class Arena {
  #buffer: ArrayBuffer = new ArrayBuffer(0);
  #used = 0;

  readonly allocate: Allocate = (byteLength) => {
    if (this.#used + byteLength > this.#buffer.byteLength) this.#grow(byteLength);
    const view = new Uint8Array(this.#buffer, this.#used, byteLength);
    this.#used += Math.ceil(byteLength / 8) * 8;
    return view;
  };

  /** Makes all that was allocated free again. */
  reset(): void {
    this.#used = 0;
  }

  /** What stands in the buffer so far stays there, as its views hold it. */
  #grow(byteLength: number): void {
    this.#buffer = new ArrayBuffer(Math.max(byteLength + 8, this.#buffer.byteLength * 2, 1 << 20));
    this.#used = 0;
  }
}
