import { Buffer } from 'node:buffer';
import { type Cursor, Malformed } from '../wire.ts';

/**
 * The text that an array or key-value list becomes, because the engine's schema may not be recursive: plain JSON in
 * which every type of AnyValue can still be told apart from the outside. Whole doubles end in `.0`; NaN and the
 * infinities are the strings OTLP/JSON uses; bytes are base64 strings; an int64 keeps all its digits; an unset value
 * is null. Equal keys of one list are all kept, in order.
 */
export function nestedJson(cursor: Cursor, field: number, end: number, budget: JsonBudget): string {
  return container(cursor, field, end, { budget, depth: budget.depth });
}

/** What the nested values of one request may cost; `left` is used up as they are read. */
export interface JsonBudget {
  readonly depth: number;
  /** Characters of text. */
  left: number;
}

interface Place {
  readonly budget: JsonBudget;
  readonly depth: number;
}

/** Called before a text is made, so that none grows far beyond the limit: escapes make at most six of one. */
function spend({ budget }: Place, characters: number, at: number): void {
  budget.left -= characters;
  if (budget.left < 0) throw new Malformed(at, 'arrays and key-value lists that are too large as text');
}

const arrayField = 5;
/** Counted for each value and key besides its text: quotes, commas, `null`. */
const valueCharacters = 5;

function container(cursor: Cursor, field: number, end: number, place: Place): string {
  if (place.depth === 0)
    throw new Malformed(cursor.position, 'values nested more deeply than the limit allows');
  const stop = cursor.length(end) + cursor.position;
  const members: string[] = [];
  while (cursor.position < stop) {
    const at = cursor.position;
    const tag = cursor.tag(stop);
    if (tag === 0x0a)
      members.push(field === arrayField ? anyValue(cursor, stop, place) : member(cursor, stop, place));
    else skipUnknown(cursor, tag, 1, stop, at);
  }
  return field === arrayField ? `[${members.join(',')}]` : `{${members.join(',')}}`;
}

function member(cursor: Cursor, end: number, place: Place): string {
  spend(place, valueCharacters, cursor.position);
  const stop = cursor.length(end) + cursor.position;
  let key = '""';
  let value = 'null';
  let seen = 0;
  while (cursor.position < stop) {
    const at = cursor.position;
    const tag = cursor.tag(stop);
    seen = once(seen, tag, 2, at);
    if (tag === 0x0a) key = text(cursor, stop, place);
    else if (tag === 0x12) value = anyValue(cursor, stop, place);
    else skipUnknown(cursor, tag, 2, stop, at);
  }
  return `${key}:${value}`;
}

function anyValue(cursor: Cursor, end: number, place: Place): string {
  spend(place, valueCharacters, cursor.position);
  const stop = cursor.length(end) + cursor.position;
  let value: string | undefined;
  while (cursor.position < stop) {
    const at = cursor.position;
    const tag = cursor.tag(stop);
    const read = readers.get(tag);
    if (read === undefined) skipUnknown(cursor, tag, 7, stop, at);
    else if (value !== undefined) throw new Malformed(at, 'an AnyValue with two values');
    else value = read(cursor, stop, place);
  }
  return value ?? 'null';
}

type Reader = (cursor: Cursor, end: number, place: Place) => string;

/** By tag: the alternatives of AnyValue with the wire type each must have. */
const readers: ReadonlyMap<number, Reader> = new Map<number, Reader>([
  [0x0a, text],
  [0x10, (cursor, end) => (cursor.varint(end) === 0 ? 'false' : 'true')],
  [0x18, (cursor, end) => BigInt.asIntN(64, cursor.varint64(end)).toString()],
  [0x21, double],
  [0x2a, (cursor, end, place) => container(cursor, 5, end, within(place))],
  [0x32, (cursor, end, place) => container(cursor, 6, end, within(place))],
  [0x3a, (cursor, end, place) => `"${content(cursor, end, place).toString('base64')}"`],
]);

function within({ budget, depth }: Place): Place {
  return { budget, depth: depth - 1 };
}

function content(cursor: Cursor, end: number, place: Place): Buffer {
  const length = cursor.length(end);
  spend(place, length, cursor.position);
  const start = cursor.position;
  cursor.position += length;
  return Buffer.from(cursor.bytes.buffer, cursor.bytes.byteOffset + start, length);
}

function text(cursor: Cursor, end: number, place: Place): string {
  return JSON.stringify(content(cursor, end, place).toString('utf8'));
}

function double(cursor: Cursor, end: number): string {
  const start = cursor.position;
  cursor.skip(8, end);
  const value = new DataView(cursor.bytes.buffer, cursor.bytes.byteOffset + start, 8).getFloat64(0, true);
  if (!Number.isFinite(value)) return `"${value}"`;
  const digits = Object.is(value, -0) ? '-0' : String(value);
  return Number.isInteger(value) && !digits.includes('e') ? `${digits}.0` : digits;
}

function skipUnknown(cursor: Cursor, tag: number, known: number, end: number, at: number): void {
  if (tag >> 3 <= known) throw new Malformed(at, `field ${tag >> 3} with wire type ${tag & 7}`);
  cursor.skipValue(tag & 7, end);
}

function once(seen: number, tag: number, known: number, at: number): number {
  const field = tag >> 3;
  if (field > known) return seen;
  if (seen & (1 << field)) throw new Malformed(at, `field ${field} for a second time in one message`);
  return seen | (1 << field);
}
