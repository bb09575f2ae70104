import type { NativeCursor } from './cursor.ts';
import { type NativeType, parseNativeType } from './types.ts';

/** Goes past one block. False when it is not all there; the cursor then says how many bytes it wanted. */
export function skipBlock(cursor: NativeCursor): boolean {
  try {
    const columnCount = cursor.varint();
    const rowCount = cursor.varint();
    for (let index = 0; index < columnCount; index += 1) {
      cursor.string();
      const type = parseNativeType(cursor.string());
      if (rowCount > 0) skipPart(cursor, type, rowCount);
    }
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

function skipPart(cursor: NativeCursor, type: NativeType, count: number): void {
  switch (type.kind) {
    case 'fixed':
    case 'bytes':
      cursor.take(count * type.width);
      return;
    case 'string':
      for (let index = 0; index < count; index += 1) cursor.take(cursor.varint());
      return;
    case 'nullable':
      cursor.take(count);
      skipPart(cursor, type.item, count);
      return;
    case 'array':
      skipPart(cursor, type.item, lastOffset(cursor, count));
      return;
    case 'map': {
      const total = lastOffset(cursor, count);
      skipPart(cursor, type.key, total);
      skipPart(cursor, type.item, total);
      return;
    }
  }
}

function lastOffset(cursor: NativeCursor, count: number): number {
  const offsets = Buffer.from(cursor.copy(count * 8).buffer);
  return count === 0 ? 0 : Number(offsets.readBigUInt64LE((count - 1) * 8));
}
