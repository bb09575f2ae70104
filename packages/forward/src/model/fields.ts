import { Cursor } from '@maru/otlp';

/**
 * One field of a message, as a place in its bytes. A class with getters and not a value with two views, because a span has a
 * hundred of them, few of which are looked at, and a view costs more than the field.
 */
export class Field {
  readonly number: number;
  readonly wire: number;
  readonly #bytes: Uint8Array;
  readonly #start: number;
  readonly #from: number;
  readonly #end: number;

  constructor(bytes: Uint8Array, tag: number, start: number, from: number, end: number) {
    this.number = Math.floor(tag / 8);
    this.wire = tag & 7;
    this.#bytes = bytes;
    this.#start = start;
    this.#from = from;
    this.#end = end;
  }

  /** The field as it stands, key and all. */
  get raw(): Uint8Array {
    return this.#bytes.subarray(this.#start, this.#end);
  }

  /** What stands behind the key, and of a length-delimited field behind its length. */
  get content(): Uint8Array {
    return this.#bytes.subarray(this.#from, this.#end);
  }
}

/** The fields of a message in their order. The bytes came through the check, so that they are sound. */
export function readFields(bytes: Uint8Array): readonly Field[] {
  const fields: Field[] = [];
  const cursor = new Cursor(bytes);
  while (cursor.position < bytes.length) {
    const start = cursor.position;
    const tag = cursor.tag(bytes.length);
    const from = skipContent(cursor, tag, bytes.length);
    fields.push(new Field(bytes, tag, start, from, cursor.position));
  }
  return fields;
}

/** Moves behind a field of which the key was read; gives where its content begins. */
function skipContent(cursor: Cursor, tag: number, end: number): number {
  const wire = tag & 7;
  if (wire !== 2) {
    const from = cursor.position;
    cursor.skipValue(wire, end);
    return from;
  }
  const length = cursor.length(end);
  const from = cursor.position;
  cursor.position += length;
  return from;
}

/** The content of a message's first field of this number, without reading the others into anything. */
export function findContent(bytes: Uint8Array, number: number): Uint8Array | undefined {
  const cursor = new Cursor(bytes);
  while (cursor.position < bytes.length) {
    const tag = cursor.tag(bytes.length);
    const from = skipContent(cursor, tag, bytes.length);
    if (Math.floor(tag / 8) === number) return bytes.subarray(from, cursor.position);
  }
  return undefined;
}

/** The message of these fields. */
export function writeFields(fields: readonly { readonly raw: Uint8Array }[]): Uint8Array {
  return Buffer.concat(fields.map(({ raw }) => raw));
}

/** Bytes as text. `Buffer.from` of bytes would copy them. */
export function utf8(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8');
}

export function contentOf(fields: readonly Field[], number: number): Uint8Array | undefined {
  return fields.find((field) => field.number === number)?.content;
}

export function textOf(fields: readonly Field[], number: number): string {
  return utf8(contentOf(fields, number) ?? nothing);
}

/** A fixed64 field as an unsigned number; 0 when absent. */
export function fixed64Of(fields: readonly Field[], number: number): bigint {
  const content = contentOf(fields, number);
  return content === undefined ? 0n : viewOf(content).getBigUint64(0, true);
}

/** A varint field with all its digits, unsigned; 0 when absent. */
export function varint64Of(fields: readonly Field[], number: number): bigint {
  const content = contentOf(fields, number);
  return content === undefined ? 0n : new Cursor(content).varint64(content.length);
}

/** A varint field; 0 when absent. Exact below 2^53. */
export function varintOf(fields: readonly Field[], number: number): number {
  const content = contentOf(fields, number);
  return content === undefined ? 0 : new Cursor(content).varint(content.length);
}

/** A sint32 or sint64 field; 0 when absent. */
export function zigzagOf(fields: readonly Field[], number: number): number {
  const value = varintOf(fields, number);
  return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
}

/** A double field; undefined when absent. */
export function doubleOf(fields: readonly Field[], number: number): number | undefined {
  const content = contentOf(fields, number);
  return content && viewOf(content).getFloat64(0, true);
}

/** The elements of a repeated field of eight bytes each, packed or not. */
export function eightBytesOf(fields: readonly Field[], number: number): readonly Uint8Array[] {
  return fields
    .filter((field) => field.number === number)
    .flatMap(({ content }) =>
      Array.from({ length: content.length / 8 }, (_, at) => content.subarray(at * 8, at * 8 + 8)),
    );
}

/** The elements of a repeated varint field, packed or not. Exact below 2^53. */
export function varintsOf(fields: readonly Field[], number: number): readonly number[] {
  return fields.filter((field) => field.number === number).flatMap(({ content }) => varintsIn(content));
}

function varintsIn(content: Uint8Array): readonly number[] {
  const cursor = new Cursor(content);
  const values: number[] = [];
  while (cursor.position < content.length) values.push(cursor.varint(content.length));
  return values;
}

export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
}

export const nothing: Uint8Array = new Uint8Array(0);
