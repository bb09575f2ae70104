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
  try {
    return JSON.parse(Buffer.from(buffer, byteOffset, length).toString('utf8'));
  } catch (error) {
    throw new Malformed(0, `not valid JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function message(table: JsonMessage, value: unknown, path: string, depth: number): Uint8Array {
  if (depth === 0) throw new Malformed(0, `${path} nests too deeply`);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw notA('an object', path);
  const known = table();
  const parts = Object.entries(value).map(([name, content]) => {
    const field = known.get(name);
    if (field === undefined || content === null) return new Uint8Array(0);
    return anyField(field, content, path === '' ? name : `${path}.${name}`, depth);
  });
  return concat(...parts);
}

function anyField(field: JsonField, value: unknown, path: string, depth: number): Uint8Array {
  if (!field.repeated) return oneField(field, value, path, depth);
  if (!Array.isArray(value)) throw notA('an array', path);
  return concat(...value.map((element, index) => oneField(field, element, `${path}[${index}]`, depth)));
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
