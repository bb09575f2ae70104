import { createHash } from 'node:crypto';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Lends } from '../engine/lane.ts';
import type { ChunkBatch } from './chunk-batch.ts';
import type { SampleTables } from './sample-tables.ts';
import { insertChunks } from './statements.ts';

/** How much was written. */
export interface WrittenChunks {
  readonly samples: number;
  readonly chunks: number;
  /** Of packed samples, before the engine's own compression. */
  readonly bytes: number;
}

export const nothing: WrittenChunks = { samples: 0, chunks: 0, bytes: 0 };

export function added(left: WrittenChunks, right: WrittenChunks): WrittenChunks {
  return {
    samples: left.samples + right.samples,
    chunks: left.chunks + right.chunks,
    bytes: left.bytes + right.bytes,
  };
}

export interface ChunkWriterParts {
  readonly lane: Lends;
  readonly tables: SampleTables;
  /** Absolute; for the file that is on its way into the engine. Made when absent. */
  readonly directory: string;
  /** Tells this database's file from those of others. */
  readonly database: string;
  /** Told after chunks were written, or may have been: what was read of them before is then old. */
  readonly chunksChanged: () => void;
}

/** Puts chunks into the store, by way of a file that the engine reads: a statement is text, and could not hold them as they are. */
export class ChunkWriter {
  readonly #parts: ChunkWriterParts;

  constructor(parts: ChunkWriterParts) {
    this.#parts = parts;
  }

  /**
   * Writes a batch and empties it. One at a time.
   *
   * @param mark the same batch with the same mark is written once, however often it is asked for
   */
  async write(batch: ChunkBatch, mark: string): Promise<WrittenChunks> {
    const { directory, database, lane, tables, chunksChanged } = this.#parts;
    const block = batch.block();
    const path = join(directory, `${database}.native`);
    const statement = insertChunks(path, `${mark}/${createHash('sha256').update(block).digest('hex')}`);
    await mkdir(directory, { recursive: true });
    await writeFile(path, block);
    tables.packing(batch.lastMs);
    try {
      await lane.lend((session) => session.run(statement.text, 'Null'));
    } finally {
      chunksChanged();
      await rm(path, { force: true });
    }
    const written = { samples: batch.sampleCount, chunks: batch.chunkCount, bytes: batch.byteLength };
    batch.reset();
    return written;
  }
}
