import type { Lends } from '../engine/lane.ts';
import type { Maintenance } from '../maintain.ts';
import type { BlockReader, Reader } from '../reader.ts';
import { sql } from '../sql.ts';
import { ChunkMaker } from './chunk-maker.ts';
import { ChunkWriter } from './chunk-writer.ts';
import { deleteNumbers, type NumberDeletion } from './delete-numbers.ts';
import { storedMoment } from './number-query.ts';
import { readNumbers } from './read-numbers.ts';
import { rowsOnly, SampleTables } from './sample-tables.ts';

/** All that is done with the samples of numbers of a database but loading them. */
export interface SampleRoom {
  readonly numbers: Reader['numbers'];
  readonly numbersPackedUntil: Reader['numbersPackedUntil'];
  /**
   * Packs them. Absent in a store that others load into, too: who reads there does not know of the moment in which another
   * moves samples from one table to the next.
   */
  readonly chunks: ChunkMaker | undefined;
  /** Deletes samples wherever they lie. */
  deleteNumbers(deletion: NumberDeletion): Promise<void>;
}

export interface SampleRoomParts {
  readonly reader: BlockReader;
  readonly database: string;
  readonly deleteRows: Maintenance['deleteRows'];
  /** Told after chunks were written, before the samples in them leave where they lay, and after chunks were deleted. */
  readonly chunksChanged: () => void;
  /** Left out, nothing is packed. */
  readonly packing:
    | { readonly directory: string; readonly unpacked: Lends; readonly pack: Lends }
    | undefined;
}

export function createSampleRoom(parts: SampleRoomParts): SampleRoom {
  const { reader, database, deleteRows, chunksChanged, packing } = parts;
  if (packing === undefined) return roomOfRows(reader, deleteRows);
  const { directory, unpacked: read, pack: write } = packing;
  const tables = new SampleTables();
  const writer = new ChunkWriter({ lane: write, tables, directory, database, chunksChanged });
  const chunks = new ChunkMaker({ read, write, writer, reader, tables, directory, database });
  return {
    numbers: (query, options) => readNumbers(reader, tables, query, options),
    numbersPackedUntil: async () => {
      await tables.know(reader);
      return tables.lastChunkMs;
    },
    chunks,
    deleteNumbers: (deletion) =>
      chunks.atRest(() => deleteNumbers({ read, write, writer }, deletion).finally(chunksChanged)),
  };
}

function roomOfRows(reader: BlockReader, deleteRows: Maintenance['deleteRows']): SampleRoom {
  return {
    numbers: (query, options) => readNumbers(reader, rowsOnly, query, options),
    numbersPackedUntil: async () => rowsOnly.lastChunkMs,
    chunks: undefined,
    deleteNumbers: ({ series, startMs, endMs }) =>
      deleteRows(
        'number_points',
        sql`${series} AND time >= ${storedMoment(startMs)} AND time <= ${storedMoment(endMs)}`,
      ),
  };
}
