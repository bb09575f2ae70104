import { type NativeColumn, nativeBlock, text } from '../native/encode.ts';
import { ByteWriter } from './codec/byte-writer.ts';
import { encodeChunk } from './codec/encode.ts';
import type { SampleArrays } from './codec/layout.ts';

/** One part of the table, and what is held in memory meanwhile. */
const fullBytes = 8 * 1024 * 1024;
const fullChunks = 32_768;

/** Chunks that are written to the store together. Memory is used again after `reset`. */
export class ChunkBatch {
  readonly #bytes: ByteWriter = new ByteWriter();
  #names: Uint8Array[] = [];
  #ids: bigint[] = [];
  #firsts: number[] = [];
  #lasts: number[] = [];
  #counts: number[] = [];
  #ends: number[] = [];
  #samples = 0;

  /** Bytes of packed samples. */
  get byteLength(): number {
    return this.#bytes.length;
  }

  /** Whether it should be written before more is added. */
  get isFull(): boolean {
    return this.byteLength >= fullBytes || this.chunkCount >= fullChunks;
  }

  get chunkCount(): number {
    return this.#ids.length;
  }

  get sampleCount(): number {
    return this.#samples;
  }

  /** The latest time of all samples. */
  get lastMs(): number {
    return this.#lasts.reduce((latest, last) => Math.max(latest, last), Number.NEGATIVE_INFINITY);
  }

  /** Adds samples `from` up to `to`, in order of time, of one series as a chunk. */
  add(metricName: string, seriesId: bigint, samples: SampleArrays, from: number, to: number): void {
    encodeChunk(samples, from, to, this.#bytes);
    this.#names.push(text(metricName));
    this.#ids.push(seriesId);
    this.#firsts.push(samples.times[from] ?? 0);
    this.#lasts.push(samples.times[to - 1] ?? 0);
    this.#counts.push(to - from);
    this.#ends.push(this.#bytes.length);
    this.#samples += to - from;
  }

  /** The chunks as one block, its columns those of `chunkStructure`. */
  block(): Uint8Array<ArrayBuffer> {
    const times = (list: readonly number[]) => bytesOf(BigInt64Array.from(list, BigInt));
    const columns: readonly NativeColumn[] = [
      { name: 'metric_name', type: 'String', pieces: this.#names },
      { name: 'series_id', type: 'UInt64', pieces: [bytesOf(BigUint64Array.from(this.#ids))] },
      { name: 'first_time', type: "DateTime64(3, 'UTC')", pieces: [times(this.#firsts)] },
      { name: 'last_time', type: "DateTime64(3, 'UTC')", pieces: [times(this.#lasts)] },
      { name: 'sample_count', type: 'UInt16', pieces: [bytesOf(Uint16Array.from(this.#counts))] },
      {
        name: 'samples',
        type: 'Array(UInt8)',
        pieces: [bytesOf(BigUint64Array.from(this.#ends, BigInt)), this.#bytes.written],
      },
    ];
    return nativeBlock(this.#ids.length, columns);
  }

  reset(): void {
    this.#bytes.truncate(0);
    this.#names = [];
    this.#ids = [];
    this.#firsts = [];
    this.#lasts = [];
    this.#counts = [];
    this.#ends = [];
    this.#samples = 0;
  }
}

/** Of the columns of `ChunkBatch.block`. */
export const chunkStructure: string =
  "metric_name String, series_id UInt64, first_time DateTime64(3, 'UTC'), last_time DateTime64(3, 'UTC'), " +
  'sample_count UInt16, samples Array(UInt8)';

function bytesOf({ buffer, byteOffset, byteLength }: ArrayBufferView<ArrayBuffer>): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
