import { Cursor, doubleField, lengthDelimited, stringField, varintField } from '@maru/otlp';
import { type Field, findContent, nothing, readFields, utf8, viewOf } from './fields.ts';

/** A KeyValue; the value is an AnyValue message as it stands. */
export interface Attribute {
  readonly key: string;
  readonly value: Uint8Array;
  /** The field that it was read from, key and all, so that one that does not change is not written anew. */
  readonly raw?: Uint8Array;
}

/** A scalar as configuration and conditions know it. */
export type Scalar = string | number | boolean;

/** Field numbers of AnyValue; 15 is Maru's own: an array or key-value list as JSON text. */
export const valueField = { string: 1, bool: 2, int: 3, double: 4, bytes: 7, json: 15 } as const;

export function readAttributes(fields: readonly Field[], number: number): readonly Attribute[] {
  return fields.filter((field) => field.number === number).map(readAttribute);
}

function readAttribute(field: Field): Attribute {
  const { content, raw } = field;
  const key = findContent(content, keyField);
  const value = findContent(content, valueOfField);
  return { key: utf8(key ?? nothing), value: value ?? nothing, raw };
}

/** Field numbers of KeyValue. */
const keyField = 1;
const valueOfField = 2;

/** The value of an attribute, looked for by the bytes of its key. */
export function findAttribute(
  fields: readonly Field[],
  number: number,
  key: Uint8Array,
): Uint8Array | undefined {
  for (const field of fields) {
    if (field.number !== number) continue;
    const { content } = field;
    const found = findContent(content, keyField) ?? nothing;
    if (found.length === key.length && Buffer.compare(found, key) === 0)
      return findContent(content, valueOfField) ?? nothing;
  }
  return undefined;
}

function writeAttribute(number: number, { key, value, raw }: Attribute): Uint8Array {
  return raw ?? lengthDelimited(number, stringField(1, key), lengthDelimited(2, value));
}

/** The message with other attributes in this field. */
export function withAttributes(
  fields: readonly Field[],
  number: number,
  attributes: readonly Attribute[],
): Uint8Array {
  const rest = fields.filter((field) => field.number !== number).map(({ raw }) => raw);
  return Buffer.concat([...rest, ...attributes.map((attribute) => writeAttribute(number, attribute))]);
}

/** A value as a scalar; undefined for bytes, arrays, lists and unset values. Integers beyond 2^53 lose digits. */
export function scalarOf(value: Uint8Array): Scalar | undefined {
  const [field] = readFields(value);
  if (field === undefined) return undefined;
  if (field.number === valueField.string) return utf8(field.content);
  if (field.number === valueField.double) return viewOf(field.content).getFloat64(0, true);
  const cursor = new Cursor(field.content);
  if (field.number === valueField.bool) return cursor.varint(field.content.length) !== 0;
  if (field.number !== valueField.int) return undefined;
  return Number(BigInt.asIntN(64, cursor.varint64(field.content.length)));
}

/** The text of a value that is one, or that stands as JSON text; undefined for others. */
export function valueText(value: Uint8Array): string | undefined {
  const [field] = readFields(value);
  const isText = field?.number === valueField.string || field?.number === valueField.json;
  return isText ? utf8(field.content) : undefined;
}

/** The same kind of value with another text. */
export function withText(value: Uint8Array, text: string): Uint8Array {
  const [field] = readFields(value);
  return stringField(field?.number === valueField.json ? valueField.json : valueField.string, text);
}

export function anyValueOf(scalar: Scalar): Uint8Array {
  if (typeof scalar === 'string') return stringField(valueField.string, scalar);
  if (typeof scalar === 'boolean') return varintField(valueField.bool, scalar ? 1 : 0);
  return Number.isInteger(scalar)
    ? varintField(valueField.int, BigInt(scalar))
    : doubleField(valueField.double, scalar);
}

/** Any value as text: what a hash is made of, and what conditions on text see. */
export function printed(value: Uint8Array): string {
  return valueText(value) ?? String(scalarOf(value) ?? Buffer.from(value).toString('base64'));
}
