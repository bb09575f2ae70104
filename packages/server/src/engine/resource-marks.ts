import { createHash, randomBytes } from 'node:crypto';
import type { RecordRange } from '@maru/journal';
import { Cursor } from '@maru/otlp';

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

/**
 * A number for each resource of a request: the same bytes have the same number. It lets the store see that it has written
 * a segment's resources already, without parsing the segment: only the outermost lengths are read here.
 */
export function resourceMarks(segment: Uint8Array, { messageStart, end }: RecordRange): number[] {
  const cursor = new Cursor(segment);
  const marks: number[] = [];
  cursor.position = messageStart;
  while (cursor.position < end) {
    const tag = cursor.tag(end);
    if (tag === resourceGroupTag) marks.push(markOf(cursor, cursor.length(end) + cursor.position));
    else cursor.skipValue(tag & 7, end);
  }
  return marks;
}

/** The resource and its schema's URL; they may stand in any order, and nothing else of the group is looked at. */
function markOf(cursor: Cursor, end: number): number {
  const hash = createHash('sha256').update(key);
  while (cursor.position < end) {
    const start = cursor.position;
    const tag = cursor.tag(end);
    cursor.skipValue(tag & 7, end);
    if (tag === resourceTag || tag === schemaUrlTag)
      hash.update(cursor.bytes.subarray(start, cursor.position));
  }
  return hash.digest().readUIntBE(0, markBytes);
}
