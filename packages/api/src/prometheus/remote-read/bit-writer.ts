/** Writes bits, the highest first, to bytes that grow. */
export class BitWriter {
  #bytes = new Uint8Array(256);
  #bits = 0;

  /** The lowest `count` bits of a number, up to 32. */
  write(value: number, count: number): void {
    for (let left = count; left > 0; ) {
      const at = this.#bits >>> 3;
      if (at >= this.#bytes.length) this.#grow();
      const room = 8 - (this.#bits & 7);
      const taken = Math.min(room, left);
      const part = (value >>> (left - taken)) & (0xff >>> (8 - taken));
      this.#bytes[at] = (this.#bytes[at] ?? 0) | (part << (room - taken));
      this.#bits += taken;
      left -= taken;
    }
  }

  bytes(): Uint8Array {
    return this.#bytes.slice(0, (this.#bits + 7) >>> 3);
  }

  #grow(): void {
    const larger = new Uint8Array(this.#bytes.length * 2);
    larger.set(this.#bytes);
    this.#bytes = larger;
  }
}
