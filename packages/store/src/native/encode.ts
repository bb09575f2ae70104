/** A column of a block: its name, the engine's type, and the bytes of all its rows. */
export interface NativeColumn {
  readonly name: string;
  readonly type: string;
  /** Piece by piece, so that a large one need not be put together. */
  readonly pieces: readonly Uint8Array[];
}

/** One block in the engine's `Native` format. */
export function nativeBlock(rowCount: number, columns: readonly NativeColumn[]): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(Buffer.concat(nativePieces(rowCount, columns)));
}

/** The same, with its long pieces as they are and only the short ones between them put together. */
export function nativePieces(rowCount: number, columns: readonly NativeColumn[]): readonly Uint8Array[] {
  const pieces = [varint(columns.length), varint(rowCount)];
  for (const column of columns) pieces.push(text(column.name), text(column.type), ...column.pieces);
  return joinShort(pieces);
}

/** A piece is written by itself from here on: to copy it costs as much as to hand it on. */
const longPiece = 16 * 1024;

function joinShort(pieces: readonly Uint8Array[]): readonly Uint8Array[] {
  const joined: Uint8Array[] = [];
  let short: Uint8Array[] = [];
  for (const piece of pieces) {
    if (piece.length < longPiece) short.push(piece);
    else {
      joined.push(Buffer.concat(short), piece);
      short = [];
    }
  }
  joined.push(Buffer.concat(short));
  return joined.filter(({ length }) => length > 0);
}

/** Of a block's columns, as a statement is told what comes. */
export function structureOf(columns: readonly Pick<NativeColumn, 'name' | 'type'>[]): string {
  return columns.map(({ name, type }) => `\`${name}\` ${type}`).join(', ');
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
