/**
 * A small protobuf writer: each function returns the bytes of one field, and a message is its fields joined.
 * For tests, generators, the proof and answers; nothing on the way in is encoded with it except what the check
 * rewrites.
 */

const text = new TextEncoder();

/** Wire types of the protobuf encoding. Groups (3 and 4) are not part of OTLP and never accepted. */
export const wireType = { varint: 0, fixed64: 1, lengthDelimited: 2, fixed32: 5 } as const;

/** Joins fields to a message. */
export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  return Buffer.concat(parts);
}

/** Base-128 varint of an unsigned value below 2^64. A negative value is written as its 64-bit two's complement. */
export function varint(value: number | bigint): Uint8Array {
  return typeof value === 'number' && value >= 0 && value <= 0x7fffffff
    ? smallVarint(value)
    : largeVarint(BigInt.asUintN(64, BigInt(value)));
}

function smallVarint(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 0x7f; rest >>>= 7) bytes.push((rest & 0x7f) | 0x80);
  bytes.push(rest);
  return Uint8Array.from(bytes);
}

function largeVarint(value: bigint): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 0x7fn; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80);
  bytes.push(Number(rest));
  return Uint8Array.from(bytes);
}

/** The key that stands before every field: its number and wire type. */
export function tag(field: number, wire: number): Uint8Array {
  return varint(field * 8 + wire);
}

/** An int32, int64, uint32, uint64, bool or enum field. */
export function varintField(field: number, value: number | bigint): Uint8Array {
  return concat(tag(field, wireType.varint), varint(value));
}

/** A sint32 or sint64 field (zigzag). */
export function zigzagField(field: number, value: number): Uint8Array {
  return varintField(field, value < 0 ? -2 * value - 1 : 2 * value);
}

/** A bytes field, an embedded message, or a packed repeated field. */
export function lengthDelimited(field: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  return concat(tag(field, wireType.lengthDelimited), varint(length), ...parts);
}

export function stringField(field: number, value: string): Uint8Array {
  return lengthDelimited(field, text.encode(value));
}

/** A fixed64 or sfixed64 field; OTLP's times are such, in nanoseconds since 1970. */
export function fixed64Field(field: number, value: bigint): Uint8Array {
  return concat(tag(field, wireType.fixed64), fixed64(value));
}

export function doubleField(field: number, value: number): Uint8Array {
  return concat(tag(field, wireType.fixed64), double(value));
}

export function fixed32Field(field: number, value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value, true);
  return concat(tag(field, wireType.fixed32), bytes);
}

/** Eight bytes, little endian, without a key: an element of a packed field. */
export function fixed64(value: bigint): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt.asUintN(64, value), true);
  return bytes;
}

/** Eight bytes, little endian, without a key: an element of a packed field. */
export function double(value: number): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setFloat64(0, value, true);
  return bytes;
}
