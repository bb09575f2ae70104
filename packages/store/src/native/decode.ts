import type { Column, Columns } from '../reader.ts';
import { concatenate, emptyColumn } from './concatenate.ts';
import { NativeCursor } from './cursor.ts';
import { type FixedArray, type NativeType, parseNativeType } from './types.ts';

/**
 * Decodes a result in the engine's `Native` format (blocks of whole columns) into typed arrays. No object is made per
 * row but for strings. Columns must not be LowCardinality: sessions have the engine send those as what they hold.
 */
export function decodeNative(bytes: Uint8Array): Columns {
  const blocks: Block[] = [];
  const cursor = new NativeCursor(bytes);
  while (!cursor.done) blocks.push(readBlock(cursor));
  return joinBlocks(blocks);
}

interface Block {
  readonly rowCount: number;
  readonly names: readonly string[];
  readonly columns: readonly Column[];
}

function readBlock(cursor: NativeCursor): Block {
  const columnCount = cursor.varint();
  const rowCount = cursor.varint();
  const names: string[] = [];
  const columns: Column[] = [];
  for (let index = 0; index < columnCount; index += 1) {
    names.push(cursor.string());
    const type = parseNativeType(cursor.string());
    columns.push(rowCount === 0 ? emptyColumn(type) : readColumn(cursor, type, rowCount));
  }
  return { rowCount, names, columns };
}

function readColumn(cursor: NativeCursor, type: NativeType, count: number): Column {
  switch (type.kind) {
    case 'fixed':
      return fixedColumn(type.array, cursor.buffer(count * type.width));
    case 'string':
      return { kind: 'string', values: Array.from({ length: count }, () => cursor.string()) };
    case 'bytes':
      return { kind: 'bytes', width: type.width, values: new Uint8Array(cursor.buffer(count * type.width)) };
    case 'nullable':
      return {
        kind: 'nullable',
        isNull: cursor.take(count).slice(),
        items: readColumn(cursor, type.item, count),
      };
    default:
      return readNested(cursor, type, count);
  }
}

function readNested(
  cursor: NativeCursor,
  type: NativeType & { kind: 'array' | 'map' },
  count: number,
): Column {
  const offsets = new BigUint64Array(cursor.buffer(count * 8));
  const total = Number(offsets[count - 1] ?? 0n);
  if (type.kind === 'array') return { kind: 'array', offsets, items: readColumn(cursor, type.item, total) };
  const keys = readColumn(cursor, type.key, total);
  return { kind: 'map', offsets, keys, items: readColumn(cursor, type.item, total) };
}

const small = {
  i32: Int32Array,
  u32: Uint32Array,
  i16: Int16Array,
  u16: Uint16Array,
  i8: Int8Array,
  u8: Uint8Array,
};

function fixedColumn(array: FixedArray, buffer: ArrayBuffer): Column {
  switch (array) {
    case 'f64':
      return { kind: 'float', values: new Float64Array(buffer) };
    case 'f32':
      return { kind: 'float', values: Float64Array.from(new Float32Array(buffer)) };
    case 'i64':
      return { kind: 'int', values: new BigInt64Array(buffer) };
    case 'u64':
      return { kind: 'uint', values: new BigUint64Array(buffer) };
    default:
      return { kind: 'small', values: new small[array](buffer) };
  }
}

function joinBlocks(blocks: readonly Block[]): Columns {
  const names = blocks[0]?.names ?? [];
  const filled = blocks.filter((block) => block.rowCount > 0);
  const used = filled.length > 0 ? filled : blocks.slice(0, 1);
  const columns = new Map(
    names.map((name, index) => [name, concatenate(used.map((block) => columnAt(block, index)))] as const),
  );
  const rowCount = filled.reduce((sum, block) => sum + block.rowCount, 0);
  return { rowCount, column: (name) => columns.get(name) ?? missing(name, rowCount) };
}

function columnAt(block: Block, index: number): Column {
  return block.columns[index] ?? missing(String(index), block.rowCount);
}

/** An empty result has no blocks, hence no column types: any column of it is an empty one. */
function missing(name: string, rowCount: number): Column {
  if (rowCount === 0) return { kind: 'string', values: [] };
  throw new RangeError(`the result has no column ${name}`);
}
