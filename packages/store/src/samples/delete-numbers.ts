import { randomUUID } from 'node:crypto';
import type { Lends } from '../engine/lane.ts';
import { decodeNative } from '../native/decode.ts';
import type { Columns } from '../reader.ts';
import { type Sql, sql } from '../sql.ts';
import { ChunkBatch } from './chunk-batch.ts';
import type { ChunkWriter } from './chunk-writer.ts';
import { decodeChunk } from './codec/decode.ts';
import { maxChunkSamples } from './codec/layout.ts';
import { storedMoment } from './number-query.ts';
import { chunkBegin, chunksOf } from './number-runs.ts';
import { firstLater, sinkOf } from './number-slice.ts';
import { uintColumn } from './typed-columns.ts';

/** Samples of numbers to delete: of the series whose `series_id` satisfies a condition, in a span with both its ends. */
export interface NumberDeletion {
  readonly series: Sql;
  /** Milliseconds since 1970; infinite for all. */
  readonly startMs: number;
  readonly endMs: number;
}

export interface DeletionParts {
  readonly read: Lends;
  readonly write: Lends;
  readonly writer: ChunkWriter;
}

/**
 * Deletes samples in rows and chunks. Nothing may be on its way between these meanwhile. Of a chunk that reaches beyond the
 * span what is to stay is written as chunks of its own before it is deleted, so that a reader never misses it; a crash between
 * the two leaves the deletion to be asked for again.
 */
export async function deleteNumbers(parts: DeletionParts, deletion: NumberDeletion): Promise<void> {
  const { series, startMs, endMs } = deletion;
  const [start, end] = [storedMoment(startMs), storedMoment(endMs)];
  const run = (statement: Sql) => parts.write.lend((session) => session.run(statement.text, 'Null'));
  await run(sql`DELETE FROM number_points WHERE ${series} AND time >= ${start} AND time <= ${end}`);
  await keepRest(parts, deletion);
  await run(
    sql`DELETE FROM number_chunks WHERE ${series} AND last_time >= ${start} AND first_time <= ${end}`,
  );
}

async function keepRest({ read, writer }: DeletionParts, deletion: NumberDeletion): Promise<void> {
  const batch = new ChunkBatch();
  const mark = randomUUID();
  await read.lend((session) =>
    session.stream(cutChunks(deletion).text, async (bytes) => {
      addRest(decodeNative(bytes), deletion, batch);
      if (batch.isFull) await writer.write(batch, mark);
    }),
  );
  if (batch.chunkCount > 0) await writer.write(batch, mark);
}

/** The chunks that reach into the span from outside. */
function cutChunks({ series, startMs, endMs }: NumberDeletion): Sql {
  const [start, end] = [storedMoment(startMs), storedMoment(endMs)];
  return sql`SELECT CAST(metric_name, 'String') AS name, series_id, toFloat64(toUnixTimestamp64Milli(first_time)) AS firsts,
      toFloat64(toUnixTimestamp64Milli(last_time)) AS lasts, sample_count, samples
    FROM number_chunks WHERE ${series} AND last_time >= ${start} AND first_time <= ${end}
      AND (first_time < ${start} OR last_time > ${end})
    SETTINGS max_threads = 1`;
}

function addRest(block: Columns, { startMs, endMs }: NumberDeletion, batch: ChunkBatch): void {
  if (block.rowCount === 0) return;
  const names = block.column('name');
  if (names.kind !== 'string') throw new TypeError(`expected names to be text, got ${names.kind}`);
  const ids = uintColumn(block, 'series_id');
  const chunks = chunksOf(block);
  for (let at = 0; at < block.rowCount; at += 1) {
    const sink = sinkOf(maxChunkSamples, true);
    const count = decodeChunk(chunks.bytes, chunkBegin(chunks, at), chunks.ends[at] ?? 0, sink, 0);
    const samples = { ...sink, starts: sink.starts ?? new Float64Array(count) };
    const from = firstLater(sink.times, 0, count, startMs - 1);
    const to = firstLater(sink.times, from, count, endMs);
    const [name = '', id = 0n] = [names.values[at], ids[at]];
    if (from > 0) batch.add(name, id, samples, 0, from);
    if (to < count) batch.add(name, id, samples, to, count);
  }
}
