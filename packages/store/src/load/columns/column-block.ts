import { setImmediate } from 'node:timers/promises';
import type { BlockInsert } from '../../engine/engine.ts';
import { type ColumnWriter, nativeColumn } from '../../native/columns/column-writer.ts';
import { nativePieces, structureOf } from '../../native/encode.ts';
import type { ResourceIdentity } from '../resource-identities.ts';
import type { SegmentContent } from '../segment.ts';
import type { ScopeColumns } from './scope-columns.ts';
import type { ScopeReader } from './scope-reader.ts';

/** What is in the way of others for so long at most, in milliseconds. */
const sliceMilliseconds = 4;

/** How the rows of a table are read out of requests. */
export interface RowSource<Columns extends ScopeColumns> {
  readonly table: string;
  /** Empty; of the table's names and types. */
  readonly columns: Columns;
  readonly read: (
    bytes: Uint8Array,
    columns: Columns,
    identities: readonly ResourceIdentity[],
  ) => ScopeReader<Columns>;
}

/** Makes blocks of one table, one at a time, in memory that is used again. */
export class ColumnBlock<Columns extends ScopeColumns> {
  readonly #source: RowSource<Columns>;
  /** The statement that takes the blocks. */
  readonly insert: BlockInsert;

  constructor(source: RowSource<Columns>) {
    this.#source = source;
    this.insert = insertOf(source.table, this.#all());
  }

  /**
   * A block of a segment's rows, piece by piece, which holds until the next one. Others run in between. Rejects where the
   * bytes are not what the check lets through.
   *
   * @param identities of the segment's resources, in their order
   */
  async make(
    { bytes, requests }: SegmentContent,
    identities: readonly ResourceIdentity[],
  ): Promise<readonly Uint8Array[]> {
    for (const [, column] of this.#all()) column.clear();
    const reader = this.#source.read(bytes, this.#source.columns, identities);
    for (const request of requests) await inSlices(reader.request(request));
    reader.end();
    const columns = this.#all().map(([name, column]) => nativeColumn(name, column));
    return nativePieces(reader.count, columns);
  }

  /** Lets large memory go. */
  rest(): void {
    for (const [, column] of this.#all()) column.rest();
  }

  #all(): readonly (readonly [string, ColumnWriter])[] {
    return Object.entries(this.#source.columns);
  }
}

function insertOf(table: string, columns: readonly (readonly [string, ColumnWriter])[]): BlockInsert {
  const names = columns.map(([name]) => `\`${name}\``).join(', ');
  return {
    name: table,
    text: `INSERT INTO ${table}\n(${names})\nSELECT ${names} FROM {block}`,
    structure: structureOf(columns.map(([name, { type }]) => ({ name, type }))),
  };
}

async function inSlices(steps: Iterator<void>): Promise<void> {
  let until = performance.now() + sliceMilliseconds;
  while (steps.next().done !== true) {
    if (performance.now() < until) continue;
    await setImmediate();
    until = performance.now() + sliceMilliseconds;
  }
}
