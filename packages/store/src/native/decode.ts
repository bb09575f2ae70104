import type { Columns } from '../reader.ts';
import { type Allocate, allocateOwn } from './arena.ts';
import { NativeCursor } from './cursor.ts';
import { joinParts, type Part } from './parts.ts';
import { type NativeType, parseNativeType } from './types.ts';

/**
 * Decodes a result in the engine's `Native` format (blocks of whole columns) into typed arrays. Each byte is copied once,
 * into its column's array; no object is made per row but for strings. Columns must not be LowCardinality: sessions have
 * the engine send those as what they hold.
 *
 * @param allocate where the numbers are put
 */
export function decodeNative(bytes: Uint8Array, allocate: Allocate = allocateOwn): Columns {
  const columns = new Map<string, ColumnParts>();
  const cursor = new NativeCursor(bytes);
  let rowCount = 0;
  while (!cursor.done) rowCount += readBlock(cursor, columns);
  const joined = new Map(
    [...columns].map(([name, { type, parts }]) => [name, joinParts(type, parts, allocate)]),
  );
  const made = new Map<unknown, unknown>();
  const result: Columns = {
    rowCount,
    column: (name) => joined.get(name) ?? missing(name, rowCount),
    made: (make) => madeOnce(made, make, result),
  };
  return result;
}

function madeOnce<Value>(
  made: Map<unknown, unknown>,
  make: (columns: Columns) => Value,
  columns: Columns,
): Value {
  // What stands under a function is what that function gave.
  if (!made.has(make)) made.set(make, make(columns));
  return made.get(make) as Value;
}

/** A column's type and what each block holds of it. */
interface ColumnParts {
  readonly type: NativeType;
  readonly parts: Part[];
}

/** Gives the block's number of rows. */
function readBlock(cursor: NativeCursor, columns: Map<string, ColumnParts>): number {
  const columnCount = cursor.varint();
  const rowCount = cursor.varint();
  for (let index = 0; index < columnCount; index += 1) {
    const name = cursor.string();
    const typeName = cursor.string();
    const known = columns.get(name) ?? { type: parseNativeType(typeName), parts: [] };
    columns.set(name, known);
    if (rowCount > 0) known.parts.push(readPart(cursor, known.type, rowCount));
  }
  return rowCount;
}

function readPart(cursor: NativeCursor, type: NativeType, count: number): Part {
  switch (type.kind) {
    case 'fixed':
    case 'bytes':
      return { kind: 'fixed', bytes: cursor.take(count * type.width) };
    case 'string':
      return { kind: 'string', values: cursor.strings(count) };
    case 'nullable':
      return {
        kind: 'nullable',
        isNull: cursor.take(count),
        items: readPart(cursor, type.item, count),
      };
    case 'array':
    case 'map':
      return readNested(cursor, type, count);
  }
}

function readNested(cursor: NativeCursor, type: NativeType & { kind: 'array' | 'map' }, count: number): Part {
  const offsets = new BigUint64Array(cursor.copy(count * 8).buffer);
  const total = Number(offsets[count - 1] ?? 0n);
  if (type.kind === 'array') return { kind: 'array', offsets, items: readPart(cursor, type.item, total) };
  const keys = readPart(cursor, type.key, total);
  return { kind: 'map', offsets, keys, items: readPart(cursor, type.item, total) };
}

/** An empty result has no blocks, hence no column types: any column of it is an empty one. */
function missing(name: string, rowCount: number): { kind: 'string'; values: readonly string[] } {
  if (rowCount === 0) return { kind: 'string', values: [] };
  throw new RangeError(`the result has no column ${name}`);
}
