import { createHash, randomBytes } from 'node:crypto';
import { Cursor } from '@maru/otlp';
import type { SegmentContent } from './segment.ts';

const lengthDelimited = 2;
const resourceGroupTag = 8 + lengthDelimited;
const resourceTag = 8 + lengthDelimited;
const schemaUrlTag = 3 * 8 + lengthDelimited;

/** As many as a double holds exactly. */
const markBytes = 6;
/**
 * Of this process alone: a checksum, or a hash that could be computed elsewhere, would let a sender make a resource whose
 * mark is another sender's, and so keep that one's from being written.
 */
const key = randomBytes(16);

/** A resource and a number for it: the same bytes, with the same schema, have the same number. */
export interface MarkedResource {
  readonly mark: number;
  readonly bytes: Uint8Array;
  /** Where the resource lies in the bytes; an empty range when its group has none. */
  readonly start: number;
  readonly end: number;
}

/** To mark more of one segment would take longer than to load it. */
const mostResources = 20_000;

/**
 * The resources of a segment in the order of their groups; undefined when there are very many. The marks let the store see
 * that it knows a segment's resources already, without parsing the segment: only the outermost lengths are read here.
 */
export function markedResources({ bytes, requests }: SegmentContent): readonly MarkedResource[] | undefined {
  const cursor = new Cursor(bytes);
  const marks: MarkedResource[] = [];
  for (const { start, end } of requests) {
    cursor.position = start;
    while (cursor.position < end) {
      const tag = cursor.tag(end);
      if (tag === resourceGroupTag) marks.push(marked(cursor, cursor.length(end) + cursor.position));
      else cursor.skipValue(tag & 7, end);
      if (marks.length > mostResources) return undefined;
    }
  }
  return marks;
}

/** The resource and its schema's URL; they may stand in any order, and nothing else of the group is looked at. */
function marked(cursor: Cursor, groupEnd: number): MarkedResource {
  const { bytes } = cursor;
  const hash = createHash('sha256').update(key);
  let start = 0;
  let end = 0;
  while (cursor.position < groupEnd) {
    const fieldStart = cursor.position;
    const tag = cursor.tag(groupEnd);
    const valueStart = cursor.position;
    cursor.skipValue(tag & 7, groupEnd);
    if (tag === resourceTag || tag === schemaUrlTag) hash.update(bytes.subarray(fieldStart, cursor.position));
    if (tag === resourceTag) {
      end = cursor.position;
      start = contentStart(bytes, valueStart, end);
    }
  }
  return { mark: hash.digest().readUIntBE(0, markBytes), bytes, start, end };
}

/** Behind the length at `at`. */
function contentStart(bytes: Uint8Array, at: number, end: number): number {
  const cursor = new Cursor(bytes);
  cursor.position = at;
  cursor.length(end);
  return cursor.position;
}
