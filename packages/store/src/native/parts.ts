import type { Column } from '../reader.ts';
import type { Allocate } from './arena.ts';
import type { FixedArray, NativeType } from './types.ts';

/** What one block holds of a column. Numbers are views of the result's bytes, not copied yet. */
export type Part =
  | { readonly kind: 'fixed'; readonly bytes: Uint8Array }
  | { readonly kind: 'string'; readonly values: readonly string[] }
  | { readonly kind: 'array'; readonly offsets: BigUint64Array; readonly items: Part }
  | { readonly kind: 'map'; readonly offsets: BigUint64Array; readonly keys: Part; readonly items: Part }
  | { readonly kind: 'nullable'; readonly isNull: Uint8Array; readonly items: Part };

/** A column of that type from what the blocks hold of it; without rows when there are none. */
export function joinParts(type: NativeType, parts: readonly Part[], allocate: Allocate): Column {
  switch (type.kind) {
    case 'fixed':
      return fixedColumn(type.array, gather(bytesOf(parts), allocate));
    case 'bytes':
      return { kind: 'bytes', width: type.width, values: gather(bytesOf(parts), allocate) };
    case 'string':
      return { kind: 'string', values: joinStrings(ofKind(parts, 'string')) };
    case 'array':
      return {
        kind: 'array',
        offsets: joinOffsets(ofKind(parts, 'array')),
        items: joinParts(type.item, itemsOf(ofKind(parts, 'array')), allocate),
      };
    case 'map':
      return joinMaps(type, ofKind(parts, 'map'), allocate);
    case 'nullable':
      return joinNullable(type, ofKind(parts, 'nullable'), allocate);
  }
}

type PartOf<Kind extends Part['kind']> = Extract<Part, { readonly kind: Kind }>;

function ofKind<Kind extends Part['kind']>(parts: readonly Part[], kind: Kind): PartOf<Kind>[] {
  return parts.filter((part): part is PartOf<Kind> => part.kind === kind);
}

function bytesOf(parts: readonly Part[]): readonly Uint8Array[] {
  return ofKind(parts, 'fixed').map((part) => part.bytes);
}

function itemsOf(parts: readonly { readonly items: Part }[]): readonly Part[] {
  return parts.map((part) => part.items);
}

function joinStrings(parts: readonly PartOf<'string'>[]): readonly string[] {
  const [first] = parts;
  return parts.length === 1 && first !== undefined ? first.values : parts.flatMap((part) => part.values);
}

function joinMaps(
  type: NativeType & { kind: 'map' },
  parts: readonly PartOf<'map'>[],
  allocate: Allocate,
): Column {
  return {
    kind: 'map',
    offsets: joinOffsets(parts),
    keys: joinParts(
      type.key,
      parts.map((part) => part.keys),
      allocate,
    ),
    items: joinParts(type.item, itemsOf(parts), allocate),
  };
}

function joinNullable(
  type: NativeType & { kind: 'nullable' },
  parts: readonly PartOf<'nullable'>[],
  allocate: Allocate,
): Column {
  const isNull = gather(
    parts.map((part) => part.isNull),
    allocate,
  );
  return { kind: 'nullable', isNull, items: joinParts(type.item, itemsOf(parts), allocate) };
}

/** All pieces together, aligned for typed arrays. */
function gather(pieces: readonly Uint8Array[], allocate: Allocate): Uint8Array<ArrayBuffer> {
  const whole = allocate(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

/** Offsets are cumulative within a block; later blocks continue where the block before ended. */
function joinOffsets(parts: readonly { readonly offsets: BigUint64Array }[]): BigUint64Array {
  const joined = new BigUint64Array(parts.reduce((sum, part) => sum + part.offsets.length, 0));
  let at = 0;
  let base = 0n;
  for (const { offsets } of parts) {
    joined.set(offsets, at);
    if (base > 0n)
      for (let index = at; index < at + offsets.length; index += 1)
        joined[index] = (joined[index] ?? 0n) + base;
    at += offsets.length;
    base += offsets[offsets.length - 1] ?? 0n;
  }
  return joined;
}

const small = {
  i32: Int32Array,
  u32: Uint32Array,
  i16: Int16Array,
  u16: Uint16Array,
  i8: Int8Array,
  u8: Uint8Array,
};

function fixedColumn(array: FixedArray, { buffer, byteOffset, byteLength }: Uint8Array<ArrayBuffer>): Column {
  switch (array) {
    case 'f64':
      return { kind: 'float', values: new Float64Array(buffer, byteOffset, byteLength / 8) };
    case 'f32':
      return {
        kind: 'float',
        values: Float64Array.from(new Float32Array(buffer, byteOffset, byteLength / 4)),
      };
    case 'i64':
      return { kind: 'int', values: new BigInt64Array(buffer, byteOffset, byteLength / 8) };
    case 'u64':
      return { kind: 'uint', values: new BigUint64Array(buffer, byteOffset, byteLength / 8) };
    default: {
      const Small = small[array];
      return { kind: 'small', values: new Small(buffer, byteOffset, byteLength / Small.BYTES_PER_ELEMENT) };
    }
  }
}
