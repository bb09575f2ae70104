/** A column of a block: its name, the engine's type, and the bytes of all its rows. */
export interface NativeColumn {
  readonly name: string;
  readonly type: string;
  /** Piece by piece, so that a large one need not be put together. */
  readonly pieces: readonly Uint8Array[];
}

/** One block in the engine's `Native` format. */
export function nativeBlock(rowCount: number, columns: readonly NativeColumn[]): Uint8Array<ArrayBuffer> {
  const pieces = [varint(columns.length), varint(rowCount)];
  for (const column of columns) {
    pieces.push(text(column.name), text(column.type), ...column.pieces);
  }
  return Uint8Array.from(Buffer.concat(pieces));
}

/** A string as `Native` has it: its length and its UTF-8. */
export function text(value: string): Uint8Array {
  const bytes = Buffer.from(value, 'utf8');
  return Buffer.concat([varint(bytes.length), bytes]);
}

function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  while (rest >= 0x80) {
    bytes.push((rest % 0x80) | 0x80);
    rest = Math.floor(rest / 0x80);
  }
  bytes.push(rest);
  return Uint8Array.from(bytes);
}
