import { Cursor, Malformed } from '@maru/otlp';
import type { LabelMatcher, MatchOperator } from '@maru/query-core';

/** One question of a remote read: the samples of series from a time to another, both inclusive, in milliseconds. */
export interface ReadQuery {
  readonly startMs: number;
  readonly endMs: number;
  readonly matchers: readonly LabelMatcher[];
}

export type ResponseType = 'samples' | 'streamedXorChunks';

/** A `prometheus.ReadRequest`. */
export interface ReadRequest {
  readonly queries: readonly ReadQuery[];
  /** What the client takes, the best first. */
  readonly accepts: readonly ResponseType[];
}

const responseTypes: readonly ResponseType[] = ['samples', 'streamedXorChunks'];
const operators: readonly MatchOperator[] = ['=', '!=', '=~', '!~'];

/** Reads the protobuf message. Throws `Malformed` when it is none. */
export function readReadRequest(message: Uint8Array): ReadRequest {
  const queries: ReadQuery[] = [];
  const accepts: ResponseType[] = [];
  eachField(message, (number, field) => {
    if (number === 1) queries.push(readQuery(field.bytes));
    if (number === 2) accepts.push(...enumValues(field).flatMap((value) => responseTypes[value] ?? []));
  });
  return { queries, accepts: accepts.length === 0 ? ['samples'] : accepts };
}

/** A varint, or the bytes of a length-delimited field. */
interface FieldValue {
  readonly value: bigint;
  readonly bytes: Uint8Array;
}

const noBytes = new Uint8Array(0);

function eachField(message: Uint8Array, use: (number: number, field: FieldValue) => void): void {
  const cursor = new Cursor(message);
  const end = message.length;
  while (cursor.position < end) {
    const tag = cursor.tag(end);
    if ((tag & 7) === 0) use(tag >>> 3, { value: cursor.varint64(end), bytes: noBytes });
    else if ((tag & 7) === 2) {
      const length = cursor.length(end);
      const start = cursor.position;
      cursor.skip(length, end);
      use(tag >>> 3, { value: 0n, bytes: message.subarray(start, start + length) });
    } else cursor.skipValue(tag & 7, end);
  }
}

/** A repeated enum comes one by one or packed. */
function enumValues({ value, bytes }: FieldValue): readonly number[] {
  return bytes.length === 0 ? [Number(value)] : [...bytes];
}

function readQuery(message: Uint8Array): ReadQuery {
  let [startMs, endMs] = [0, 0];
  const matchers: LabelMatcher[] = [];
  eachField(message, (number, { value, bytes }) => {
    if (number === 1) startMs = Number(BigInt.asIntN(64, value));
    if (number === 2) endMs = Number(BigInt.asIntN(64, value));
    if (number === 3) matchers.push(readMatcher(bytes));
  });
  return { startMs, endMs, matchers };
}

function readMatcher(message: Uint8Array): LabelMatcher {
  let type = 0;
  let [name, text] = ['', ''];
  eachField(message, (number, { value, bytes }) => {
    if (number === 1) type = Number(value);
    if (number === 2) name = Buffer.from(bytes).toString('utf8');
    if (number === 3) text = Buffer.from(bytes).toString('utf8');
  });
  const operator = operators[type];
  if (operator === undefined) throw new Malformed(0, `a matcher of type ${type}`);
  return { name, operator, value: text };
}
