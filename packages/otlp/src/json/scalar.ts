import { double, fixed64, varint } from '../encode.ts';
import type { JsonType } from './schema.ts';

/** A JSON value that cannot be the field it stands for; the text completes "<path> …". */
export class BadValue extends Error {
  override readonly name = 'BadValue';
}

type Encode = (value: unknown) => Uint8Array;

/** Each type's wire type and how its content is made. */
export const scalarTypes: Readonly<
  Record<JsonType, { readonly wire: 0 | 1 | 2 | 5; readonly encode: Encode }>
> = {
  string: { wire: 2, encode: (value) => Buffer.from(text(value)) },
  base64: { wire: 2, encode: (value) => Buffer.from(text(value), 'base64') },
  hex: { wire: 2, encode: (value) => hex(text(value)) },
  bool: { wire: 0, encode: (value) => varint(bool(value) ? 1 : 0) },
  uint32: { wire: 0, encode: (value) => varint(integer(value, 0n, 0xffffffffn)) },
  int32: { wire: 0, encode: (value) => varint(integer(value, -0x80000000n, 0x7fffffffn)) },
  sint32: { wire: 0, encode: (value) => varint(zigzag(integer(value, -0x80000000n, 0x7fffffffn))) },
  uint64: { wire: 0, encode: (value) => varint(unsigned64(value)) },
  int64: { wire: 0, encode: (value) => varint(signed64(value)) },
  fixed32: { wire: 5, encode: (value) => fixed64(integer(value, 0n, 0xffffffffn)).subarray(0, 4) },
  fixed64: { wire: 1, encode: (value) => fixed64(unsigned64(value)) },
  sfixed64: { wire: 1, encode: (value) => fixed64(signed64(value)) },
  double: { wire: 1, encode: (value) => double(float(value)) },
};

function text(value: unknown): string {
  if (typeof value !== 'string') throw new BadValue('must be a string');
  return value;
}

/** OTLP's JSON writes ids in hexadecimal of any case, unlike the rest of protobuf's JSON. */
function hex(value: string): Uint8Array {
  if (value.length % 2 !== 0 || !/^[0-9a-fA-F]*$/.test(value))
    throw new BadValue('must be hexadecimal digits');
  return Buffer.from(value, 'hex');
}

function bool(value: unknown): boolean {
  if (typeof value !== 'boolean') throw new BadValue('must be true or false');
  return value;
}

function unsigned64(value: unknown): bigint {
  return integer(value, 0n, 2n ** 64n - 1n);
}

function signed64(value: unknown): bigint {
  return integer(value, -(2n ** 63n), 2n ** 63n - 1n);
}

/** Integers come as numbers or as decimal strings; enum names are not allowed, as OTLP says. */
function integer(value: unknown, least: bigint, most: bigint): bigint {
  const number = typeof value === 'number' && Number.isInteger(value) ? BigInt(value) : decimal(value);
  if (number === undefined) throw new BadValue('must be a whole number or a string of its digits');
  if (number < least || number > most) throw new BadValue(`must be from ${least} to ${most}`);
  return number;
}

function decimal(value: unknown): bigint | undefined {
  return typeof value === 'string' && /^-?\d{1,20}$/.test(value) ? BigInt(value) : undefined;
}

function zigzag(value: bigint): bigint {
  return value < 0n ? -2n * value - 1n : 2n * value;
}

const namedDoubles: ReadonlyMap<unknown, number> = new Map([
  ['NaN', Number.NaN],
  ['Infinity', Number.POSITIVE_INFINITY],
  ['-Infinity', Number.NEGATIVE_INFINITY],
]);

function float(value: unknown): number {
  if (typeof value === 'number') return value;
  const number =
    namedDoubles.get(value) ?? (typeof value === 'string' && value.trim() !== '' ? Number(value) : undefined);
  if (number === undefined || (Number.isNaN(number) && value !== 'NaN'))
    throw new BadValue('must be a number');
  return number;
}
