import { crc32 } from 'node:zlib';
import type { RecordRange } from '@maru/journal';
import { Cursor } from '@maru/otlp';

const lengthDelimited = 2;
const resourceGroupTag = 8 + lengthDelimited;
const resourceTag = 8 + lengthDelimited;
const schemaUrlTag = 3 * 8 + lengthDelimited;

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
  let resource = 0;
  let schemaUrl = 0;
  while (cursor.position < end) {
    const tag = cursor.tag(end);
    const start = cursor.position;
    cursor.skipValue(tag & 7, end);
    if (tag === resourceTag) resource = crc32(cursor.bytes.subarray(start, cursor.position), 1);
    else if (tag === schemaUrlTag) schemaUrl = crc32(cursor.bytes.subarray(start, cursor.position), 2);
  }
  // Two checksums in one double, exactly: 32 bits and 21.
  return resource * 2 ** 21 + (schemaUrl % 2 ** 21);
}
