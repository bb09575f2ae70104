import { setImmediate } from 'node:timers/promises';
import type { BlockInsert } from '../../engine/engine.ts';
import { type ColumnWriter, nativeColumn } from '../../native/columns/column-writer.ts';
import { nativePieces, structureOf } from '../../native/encode.ts';
import type { ResourceIdentity } from '../resource-identities.ts';
import type { SegmentContent } from '../segment.ts';
import { SpanColumns } from './span-columns.ts';
import { SpanReader } from './span-reader.ts';

/** What is in the way of others for so long at most, in milliseconds. */
const sliceMilliseconds = 4;

/** Makes blocks of `spans`, one at a time, in memory that is used again. */
export class SpanBlock {
  readonly #columns: SpanColumns = new SpanColumns();

  /** The statement that takes the blocks. */
  readonly insert: BlockInsert = insertOf('spans', this.#all());

  /**
   * A block of a segment's spans, piece by piece, which holds until the next one. Others run in between. Rejects where the
   * bytes are not what the check lets through.
   *
   * @param identities of the segment's resources, in their order
   */
  async make(
    content: SegmentContent,
    identities: readonly ResourceIdentity[],
  ): Promise<readonly Uint8Array[]> {
    for (const [, column] of this.#all()) column.clear();
    await inSlices(this.#read(content, identities));
    const columns = this.#all().map(([name, column]) => nativeColumn(name, column));
    return nativePieces(this.#columns.span_id.count, columns);
  }

  /** Lets large memory go. */
  rest(): void {
    for (const [, column] of this.#all()) column.rest();
  }

  *#read({ bytes, requests }: SegmentContent, identities: readonly ResourceIdentity[]): Generator<void> {
    const reader = new SpanReader(bytes, this.#columns, identities);
    for (const request of requests) yield* reader.request(request);
    reader.end();
  }

  #all(): readonly (readonly [string, ColumnWriter])[] {
    return Object.entries(this.#columns);
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
