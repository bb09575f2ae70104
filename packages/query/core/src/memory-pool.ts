import { QueryError } from './errors.ts';
import { printBytes } from './print-bytes.ts';

/** Memory that all running queries hold together, in bytes, by their own estimates. */
export class MemoryPool {
  readonly #maxBytes: number;
  #used = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  get used(): number {
    return this.#used;
  }

  /** Takes memory, or gives it back where `bytes` is below 0. Throws when more is taken than there is; it is taken even so. */
  take(bytes: number): void {
    this.#used += bytes;
    if (bytes <= 0 || this.#used <= this.#maxBytes) return;
    throw new QueryError(
      'unavailable',
      `query processing would hold more memory in query execution than is left: all queries together may hold ${printBytes(this.#maxBytes)}; try again when others have ended`,
    );
  }
}
