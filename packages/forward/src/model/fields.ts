import { Cursor, lengthDelimited } from '@maru/otlp';

/** One field of a message. */
export interface Field {
  readonly number: number;
  readonly wire: number;
  /** The field as it stands, key and all. */
  readonly raw: Uint8Array;
  /** What stands behind the key, and of a length-delimited field behind its length. */
  readonly content: Uint8Array;
}

/** The fields of a message in their order. The bytes came through the check, so that they are sound. */
export function readFields(bytes: Uint8Array): readonly Field[] {
  const fields: Field[] = [];
  const cursor = new Cursor(bytes);
  while (cursor.position < bytes.length) {
    const start = cursor.position;
    const tag = cursor.tag(bytes.length);
    const wire = tag & 7;
    let from = cursor.position;
    if (wire === 2) {
      const length = cursor.length(bytes.length);
      from = cursor.position;
      cursor.position += length;
    } else cursor.skipValue(wire, bytes.length);
    const number = Math.floor(tag / 8);
    const end = cursor.position;
    fields.push({ number, wire, raw: bytes.subarray(start, end), content: bytes.subarray(from, end) });
  }
  return fields;
}

/** The message of these fields. */
export function writeFields(fields: readonly { readonly raw: Uint8Array }[]): Uint8Array {
  return Buffer.concat(fields.map(({ raw }) => raw));
}

/** A length-delimited field. */
export function fieldOf(number: number, content: Uint8Array): Field {
  return { number, wire: 2, raw: lengthDelimited(number, content), content };
}

export function contentOf(fields: readonly Field[], number: number): Uint8Array | undefined {
  return fields.find((field) => field.number === number)?.content;
}

export function textOf(fields: readonly Field[], number: number): string {
  return Buffer.from(contentOf(fields, number) ?? nothing).toString('utf8');
}

/** A fixed64 field as an unsigned number; 0 when absent. */
export function fixed64Of(fields: readonly Field[], number: number): bigint {
  const content = contentOf(fields, number);
  return content === undefined ? 0n : viewOf(content).getBigUint64(0, true);
}

/** A varint field; 0 when absent. Exact below 2^53. */
export function varintOf(fields: readonly Field[], number: number): number {
  const content = contentOf(fields, number);
  return content === undefined ? 0 : new Cursor(content).varint(content.length);
}

export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
}

export const nothing: Uint8Array = new Uint8Array(0);
