import { Buffer } from 'node:buffer';
import { Cursor, Malformed } from '@maru/otlp';

/** One field of a protobuf message of another protocol than OTLP. */
export interface Field {
  readonly number: number;
  /** Protobuf's wire type. */
  readonly wire: number;
  /** The content of a length-delimited field, or the eight or four bytes of a fixed one. */
  readonly bytes: Uint8Array;
  /** The value of a varint. */
  readonly value: bigint;
}

const noBytes = new Uint8Array(0);
/** Fields of one message; each becomes an object, so that a request of empty ones would fill the memory. */
const mostFields = 200_000;

/** The fields of a message in the order they stand. Throws `Malformed` when it is none. */
export function* fieldsOf(message: Uint8Array): Generator<Field, void, undefined> {
  const cursor = new Cursor(message);
  const end = message.length;
  for (let left = mostFields; cursor.position < end; left -= 1) {
    if (left === 0) throw new Malformed(cursor.position, `more than ${mostFields} fields in one message`);
    const tag = cursor.tag(end);
    const [number, wire] = [tag >>> 3, tag & 7];
    if (wire === 0) yield { number, wire, bytes: noBytes, value: cursor.varint64(end) };
    else yield { number, wire, bytes: content(cursor, wire, end), value: 0n };
  }
}

function content(cursor: Cursor, wire: number, end: number): Uint8Array {
  const length = wire === 2 ? cursor.length(end) : undefined;
  const start = cursor.position;
  if (length === undefined) cursor.skipValue(wire, end);
  else cursor.skip(length, end);
  return cursor.bytes.subarray(start, cursor.position);
}

export function textOf({ bytes, wire }: Field): string {
  if (wire !== 2) throw new Malformed(0, 'a number where a text was expected');
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8');
}

/** A message of two texts, which is how every protocol here writes a label, a tag or an entry of a map. */
export function textPair(message: Uint8Array): readonly [name: string, value: string] {
  let [name, value] = ['', ''];
  for (const field of fieldsOf(message)) {
    if (field.number === 1) name = textOf(field);
    else if (field.number === 2) value = textOf(field);
  }
  return [name, value];
}

export function signedOf({ value }: Field): bigint {
  return BigInt.asIntN(64, value);
}

/** A sint32 or sint64. */
export function zigzagOf(value: bigint): bigint {
  return value % 2n === 0n ? value / 2n : -(value + 1n) / 2n;
}

export function doubleOf({ bytes, wire }: Field): number {
  if (wire !== 1) throw new Malformed(0, 'a field of another type where a double was expected');
  return new DataView(bytes.buffer, bytes.byteOffset, 8).getFloat64(0, true);
}

/** The bits of a double: a stale marker is a NaN that only they tell apart. */
export function bitsOf({ bytes, wire }: Field): bigint {
  if (wire !== 1) throw new Malformed(0, 'a field of another type where a double was expected');
  return new DataView(bytes.buffer, bytes.byteOffset, 8).getBigUint64(0, true);
}

/** The elements of a repeated varint, packed or one by one. */
export function varintsOf({ wire, bytes, value }: Field): readonly bigint[] {
  if (wire === 0) return [value];
  const cursor = new Cursor(bytes);
  const values: bigint[] = [];
  while (cursor.position < bytes.length) values.push(cursor.varint64(bytes.length));
  return values;
}

/** The elements of a repeated double, packed or one by one. */
export function doublesOf(field: Field): readonly number[] {
  if (field.wire === 1) return [doubleOf(field)];
  const view = new DataView(field.bytes.buffer, field.bytes.byteOffset, field.bytes.length);
  return Array.from({ length: Math.floor(field.bytes.length / 8) }, (_, index) =>
    view.getFloat64(index * 8, true),
  );
}

/** Joins fields of which there may be more than a call can have arguments. */
export function joined(parts: readonly Uint8Array[]): Uint8Array {
  return Buffer.concat(parts);
}
