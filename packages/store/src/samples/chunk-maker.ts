import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Lends } from '../engine/lane.ts';
import { decodeNative } from '../native/decode.ts';
import type { BlockReader, Columns } from '../reader.ts';
import type { Sql } from '../sql.ts';
import { ChunkBatch } from './chunk-batch.ts';
import { added, type ChunkWriter, nothing, type WrittenChunks } from './chunk-writer.ts';
import type { SampleTables } from './sample-tables.ts';
import { SeriesCutter } from './series-cutter.ts';
import {
  dropSealed,
  partitionsOf,
  rowsToPack,
  sealedNames,
  sealedRows,
  sealPartition,
} from './statements.ts';
import { uintColumn } from './typed-columns.ts';

/** How far the packing of a day has come, for who watches it. */
export type MakerStep = 'marked' | 'sealed' | 'written' | 'packed' | 'dropped' | 'done';

/** How a round is to go on. */
export interface MakerControl {
  /** Called between pieces of work with what the last one took; work goes on when it resolves. Rejecting ends the round. */
  readonly rest?: (elapsedMs: number) => Promise<void>;
  /** Ends the round where it is, soon. */
  readonly signal?: AbortSignal;
  /** Told of each step, after it is done. */
  readonly reached?: (step: MakerStep) => void;
}

export interface MakerParts {
  /** Lends the session that gives rows while one of `write` takes chunks. */
  readonly read: Lends;
  readonly write: Lends;
  readonly writer: ChunkWriter;
  readonly reader: Pick<BlockReader, 'rows'>;
  readonly tables: SampleTables;
  /** Absolute; for the marks of days that are being packed. Made when absent. */
  readonly directory: string;
  /** Tells the files of this database from those of others. */
  readonly database: string;
}

/**
 * Turns what `number_points` holds into chunks, a day at a time: the day is moved whole into a table that nobody writes, its
 * rows are packed, and it is dropped there. At each moment every sample lies in at least one of the tables, in that order.
 *
 * A round that was cut short anywhere is taken up by the next one and writes the same chunks with the same tokens, of which
 * the engine keeps one. A token holds the mark of its day's sealing besides its content: the same samples may come again
 * after they were deleted.
 */
export class ChunkMaker {
  readonly #parts: MakerParts;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(parts: MakerParts) {
    this.#parts = parts;
  }

  /** Packs all that is there now. Rejects with the engine's error when it cannot; the samples stay where they are. */
  async pack(control: MakerControl = {}): Promise<WrittenChunks> {
    let sum = await this.finish(control);
    // A day at a time, so that who waits for a moment at rest does not wait for all of them.
    for (const partition of await this.#partitions('number_points'))
      sum = added(sum, await this.#alone(() => this.#packPoints(partition, control)));
    return sum;
  }

  /** Packs what an earlier round left half done. */
  finish(control: MakerControl = {}): Promise<WrittenChunks> {
    return this.#alone(() => this.#packSealed(control));
  }

  /** Rows that wait to be packed, those of a round that was cut short among them. */
  async waiting(): Promise<number> {
    const columns = await this.#columns(rowsToPack);
    return columns.rowCount === 0
      ? 0
      : uintColumn(columns, 'count').reduce((sum, count) => sum + Number(count), 0);
  }

  /** Runs something while no sample is on its way from one table to another, none of a round that was cut short either. */
  atRest<Result>(run: () => Promise<Result>): Promise<Result> {
    return this.#alone(async () => {
      await this.#packSealed({});
      return run();
    });
  }

  #alone<Result>(run: () => Promise<Result>): Promise<Result> {
    const result = this.#turn.then(run);
    this.#turn = result.catch(() => undefined);
    return result;
  }

  async #packPoints(partition: string, control: MakerControl): Promise<WrittenChunks> {
    const before = await this.#packSealed(control);
    await this.#seal(partition, control);
    const written = await this.#packDay(partition, control);
    this.#parts.tables.sealed();
    return added(before, written);
  }

  async #packSealed(control: MakerControl): Promise<WrittenChunks> {
    await this.#parts.tables.know(this.#parts.reader);
    let sum = nothing;
    for (const partition of await this.#partitions('number_points_sealed')) {
      sum = added(sum, await this.#packDay(partition, control));
    }
    this.#parts.tables.sealed();
    return sum;
  }

  async #seal(partition: string, { reached }: MakerControl): Promise<void> {
    await mkdir(this.#parts.directory, { recursive: true });
    await writeFile(this.#markPath(partition), randomUUID(), { flush: true });
    reached?.('marked');
    this.#parts.tables.sealing();
    await this.#run(sealPartition(partition));
    reached?.('sealed');
  }

  async #packDay(partition: string, control: MakerControl): Promise<WrittenChunks> {
    const mark = await readFile(this.#markPath(partition), 'utf8').catch(() => randomUUID());
    const names = await this.#namesOf(partition);
    const batch = new ChunkBatch();
    let sum = nothing;
    let began = performance.now();
    const write = async (): Promise<void> => {
      sum = added(sum, await this.#parts.writer.write(batch, mark));
      control.reached?.('written');
      await control.rest?.(performance.now() - began);
      began = performance.now();
    };
    const cutter = new SeriesCutter(({ nameHash, seriesId }, samples, count) =>
      batch.add(names.get(nameHash) ?? '', seriesId, samples, 0, count),
    );
    await this.#parts.read.lend((session) =>
      session.stream(sealedRows(partition).text, async (bytes) => {
        control.signal?.throwIfAborted();
        cutter.add(decodeNative(bytes));
        if (batch.isFull) await write();
      }),
    );
    cutter.flush();
    if (batch.chunkCount > 0) await write();
    control.reached?.('packed');
    await this.#run(dropSealed(partition));
    control.reached?.('dropped');
    await rm(this.#markPath(partition), { force: true });
    control.reached?.('done');
    return sum;
  }

  async #namesOf(partition: string): Promise<ReadonlyMap<bigint, string>> {
    const columns = await this.#columns(sealedNames(partition));
    if (columns.rowCount === 0) return new Map();
    const [hashes, names] = [columns.column('name_hash'), columns.column('name')];
    if (hashes.kind !== 'uint' || names.kind !== 'string')
      throw new TypeError(`expected hashes and names, got ${hashes.kind} and ${names.kind}`);
    return new Map(Array.from(hashes.values, (hash, row) => [hash, names.values[row] ?? '']));
  }

  async #partitions(table: 'number_points' | 'number_points_sealed'): Promise<readonly string[]> {
    const columns = await this.#columns(partitionsOf(table));
    const column = columns.column('partition');
    return column.kind === 'string' ? column.values : [];
  }

  async #columns(query: Sql): Promise<Columns> {
    return decodeNative(await this.#parts.write.lend((session) => session.run(query.text, 'Native')));
  }

  async #run(statement: Sql): Promise<void> {
    await this.#parts.write.lend((session) => session.run(statement.text, 'Null'));
  }

  #markPath(partition: string): string {
    return join(this.#parts.directory, `${this.#parts.database}-${partition}.mark`);
  }
}
