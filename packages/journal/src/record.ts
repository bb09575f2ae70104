import { crc32 } from 'node:zlib';
import {
  type Account,
  Cursor,
  concat,
  fixed32Field,
  fixed64Field,
  lengthDelimited,
  Malformed,
  varint,
} from '@maru/otlp';
import { decodeAccount, encodeAccount } from './account.ts';

/** Field numbers of the trailer that the journal adds to each request; the check cuts a client's own. */
const field = { receivedTimeUnixNano: 1001, account: 1002, crc: 1003 } as const;

/** The checksum field closes every record: two bytes of key and four of CRC-32. */
const crcSize = 6;
const crcTag0 = ((field.crc * 8 + 5) & 0x7f) | 0x80;
const crcTag1 = (field.crc * 8 + 5) >>> 7;

/** The buffers of one record in the order they are written, and their size together. */
export interface EncodedRecord {
  readonly buffers: readonly Uint8Array[];
  readonly size: number;
}

/** Frames a checked request: its length, its bytes as they are, and the trailer. The request is not copied. */
export function encodeRecord(
  request: Uint8Array,
  account: Account,
  receivedTimeUnixNano: bigint,
): EncodedRecord {
  const facts = concat(
    fixed64Field(field.receivedTimeUnixNano, receivedTimeUnixNano),
    lengthDelimited(field.account, encodeAccount(account)),
  );
  const crc = fixed32Field(field.crc, crc32(facts, crc32(request)));
  const head = varint(request.length + facts.length + crc.length);
  return {
    buffers: [head, request, facts, crc],
    size: head.length + request.length + facts.length + crc.length,
  };
}

/** Where one record lies in a segment, in bytes from the segment's start. */
export interface RecordRange {
  /** The first byte of the length. */
  readonly start: number;
  /** The first byte of the message. */
  readonly messageStart: number;
  /** The byte after the record. */
  readonly end: number;
}

/** The record that starts at an offset, when one does: its length fits and its checksum is right. */
export function recordAt(segment: Uint8Array, start: number): RecordRange | undefined {
  const length = recordLength(segment, start);
  if (length === undefined) return undefined;
  const { messageStart, end } = length;
  if (segment[end - crcSize] !== crcTag0 || segment[end - crcSize + 1] !== crcTag1) return undefined;
  const stored = new DataView(segment.buffer, segment.byteOffset + end - 4, 4).getUint32(0, true);
  return crc32(segment.subarray(messageStart, end - crcSize)) === stored
    ? { start, messageStart, end }
    : undefined;
}

/** The end of the record that starts here, by its length alone; undefined where no length stands. */
export function recordEnd(bytes: Uint8Array, start: number): number | undefined {
  return lengthAt(bytes, start)?.end;
}

function recordLength(segment: Uint8Array, start: number): { messageStart: number; end: number } | undefined {
  const found = lengthAt(segment, start);
  return found !== undefined && found.end <= segment.length ? found : undefined;
}

function lengthAt(segment: Uint8Array, start: number): { messageStart: number; end: number } | undefined {
  let length = 0;
  let scale = 1;
  for (let at = start; at < Math.min(start + 5, segment.length); at++, scale *= 128) {
    const byte = segment[at] as number;
    length += (byte & 0x7f) * scale;
    if (byte >= 0x80) continue;
    return length > crcSize ? { messageStart: at + 1, end: at + 1 + length } : undefined;
  }
  return undefined;
}

/** What the trailer says, and where it begins. */
export interface RecordFacts {
  /** The byte after the request, which is the trailer's first. */
  readonly requestEnd: number;
  readonly receivedTimeUnixNano: bigint;
  readonly account: Account;
}

/** Reads the trailer of a verified record; of the request itself only the outermost lengths are looked at. */
export function recordFacts(segment: Uint8Array, { messageStart, end }: RecordRange): RecordFacts {
  const cursor = new Cursor(segment);
  cursor.position = messageStart;
  let receivedTimeUnixNano = 0n;
  let requestEnd = end;
  while (cursor.position < end) {
    const start = cursor.position;
    const tag = cursor.tag(end);
    if (tag === field.receivedTimeUnixNano * 8 + 1) {
      requestEnd = start;
      receivedTimeUnixNano = fixed64At(segment, cursor.position);
    }
    if (tag === field.account * 8 + 2)
      return { receivedTimeUnixNano, account: accountAt(cursor, end), requestEnd };
    cursor.skipValue(tag & 7, end);
  }
  throw new Malformed(messageStart, 'a journal record without an account');
}

function fixed64At(segment: Uint8Array, offset: number): bigint {
  return new DataView(segment.buffer, segment.byteOffset + offset, 8).getBigUint64(0, true);
}

function accountAt(cursor: Cursor, end: number): Account {
  const length = cursor.length(end);
  return decodeAccount(cursor.bytes.subarray(cursor.position, cursor.position + length));
}
