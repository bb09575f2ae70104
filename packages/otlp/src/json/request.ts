import { concat, lengthDelimited, tag } from '../encode.ts';
import type { Signal } from '../signal.ts';
import { Malformed } from '../wire.ts';
import { BadValue, scalarTypes } from './scalar.ts';
import { type JsonField, type JsonMessage, jsonRequests } from './schema.ts';

/** Values may nest this deeply as JSON; the check's own limit on AnyValue is far below it. */
const maxDepth = 150;

/**
 * Encodes an OTLP/JSON export request as protobuf, by the rules of OTLP's JSON: ids in hexadecimal of any case, enums
 * as integers, 64-bit numbers as strings or numbers, unknown fields ignored, null the same as absent. Whether the items
 * are sound is for the check to say. Throws `Malformed` when the text is not such a request.
 */
export function requestFromJson(signal: Signal, bytes: Uint8Array): Uint8Array {
  return message(jsonRequests[signal], parse(bytes), '', maxDepth);
}

function parse(bytes: Uint8Array): unknown {
  const { buffer, byteOffset, length } = bytes;
  const text = Buffer.from(buffer, byteOffset, length).toString('utf8');
  try {
    return longNumber.test(text) ? JSON.parse(text, keepLongNumbers) : JSON.parse(text);
  } catch (error) {
    throw new Malformed(0, `not valid JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** A number that a double may not hold; OTLP allows 64-bit integers to be written as numbers. */
const longNumber = /[:[,\s]-?\d{16,20}[\s,}\]]/;

/** Leaves such numbers as the text of their digits. Slow (each value costs a call), hence only where there is one. */
function keepLongNumbers(_key: string, value: unknown, context?: { readonly source?: string }): unknown {
  if (typeof value !== 'number' || Number.isSafeInteger(value)) return value;
  const source = context?.source ?? '';
  return /^-?\d{16,20}$/.test(source) ? source : value;
}

function message(table: JsonMessage, value: unknown, path: string, depth: number): Uint8Array {
  if (depth === 0) throw new Malformed(0, `${path} nests too deeply`);
  const known = table();
  if (Array.isArray(value) && isListOfValues(known)) return message(table, { values: value }, path, depth);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw notA('an object', path);
  const parts = Object.entries(value).map(([name, content]) => {
    const field = known.get(name);
    if (field === undefined || content === null) return new Uint8Array(0);
    return anyField(field, content, path === '' ? name : `${path}.${name}`, depth);
  });
  return Buffer.concat(parts);
}

/** ArrayValue and KeyValueList; one of OTLP's published examples writes the latter as a bare array. */
function isListOfValues(known: ReadonlyMap<string, JsonField>): boolean {
  return known.size === 1 && known.has('values');
}

function anyField(field: JsonField, value: unknown, path: string, depth: number): Uint8Array {
  if (!field.repeated) return oneField(field, value, path, depth);
  if (!Array.isArray(value)) throw notA('an array', path);
  // Not as arguments of a call: a request may hold more elements than a call can have.
  return Buffer.concat(value.map((element, index) => oneField(field, element, `${path}[${index}]`, depth)));
}

function oneField({ number, type }: JsonField, value: unknown, path: string, depth: number): Uint8Array {
  if (typeof type === 'function') return lengthDelimited(number, message(type, value, path, depth - 1));
  const { wire, encode } = scalarTypes[type];
  try {
    const content = encode(value);
    return wire === 2 ? lengthDelimited(number, content) : concat(tag(number, wire), content);
  } catch (error) {
    if (error instanceof BadValue) throw new Malformed(0, `${path} ${error.message}`);
    throw error;
  }
}

function notA(what: string, path: string): Malformed {
  return new Malformed(0, `${path === '' ? 'the request' : path} must be ${what}`);
}
