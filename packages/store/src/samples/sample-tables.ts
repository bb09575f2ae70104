import type { BlockReader } from '../reader.ts';
import { sql } from '../sql.ts';

/** Where samples of numbers may lie beside `number_points`. */
export interface KnownTables {
  /** Whether samples may lie between `number_points` and `number_chunks`. */
  readonly isSealing: boolean;
  /** No packed sample is later. */
  readonly lastChunkMs: number;
  /** Looks once. Rejects when the store cannot be asked; the next call looks again. */
  know(reader: Pick<BlockReader, 'rows'>): Promise<void>;
}

/** A store in which nothing is packed. */
export const rowsOnly: KnownTables = {
  isSealing: false,
  lastChunkMs: Number.NEGATIVE_INFINITY,
  know: () => Promise.resolve(),
};

/**
 * What is known in this process of where the samples of one database lie, so that reads ask no table that has nothing for
 * them. Only this process writes; what it does not know yet it takes to be there.
 */
export class SampleTables implements KnownTables {
  #isSealing = true;
  #lastChunkMs = Number.POSITIVE_INFINITY;
  #known: Promise<void> | undefined;

  get isSealing(): boolean {
    return this.#isSealing;
  }

  get lastChunkMs(): number {
    return this.#lastChunkMs;
  }

  know(reader: Pick<BlockReader, 'rows'>): Promise<void> {
    this.#known ??= this.#look(reader).catch((error: unknown) => {
      this.#known = undefined;
      throw error;
    });
    return this.#known;
  }

  /** Before samples leave `number_points`. */
  sealing(): void {
    this.#isSealing = true;
  }

  /** After all of them are in `number_chunks`. */
  sealed(): void {
    this.#isSealing = false;
  }

  /** Before chunks are written. */
  packing(lastMs: number): void {
    this.#lastChunkMs = Math.max(this.#lastChunkMs, lastMs);
  }

  async #look(reader: Pick<BlockReader, 'rows'>): Promise<void> {
    const [found] = await reader.rows<{ sealed: string; chunks: string; last: string }>(
      sql`SELECT (SELECT count() FROM number_points_sealed) AS sealed, count() AS chunks,
        toUnixTimestamp64Milli(max(last_time)) AS last FROM number_chunks`,
      { lane: 'lookup' },
    );
    this.#isSealing = Number(found?.sealed) > 0;
    this.#lastChunkMs = Number(found?.chunks) > 0 ? Number(found?.last) : Number.NEGATIVE_INFINITY;
  }
}
