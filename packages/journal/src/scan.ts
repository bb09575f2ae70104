import { type RecordRange, recordAt } from './record.ts';

/** Bytes of a segment that hold no valid record. */
export interface Damage {
  readonly start: number;
  readonly end: number;
}

export interface Scan {
  readonly records: readonly RecordRange[];
  readonly damage: readonly Damage[];
}

/**
 * Every valid record of a segment, and what lies between them. After damage it looks at each next byte for a
 * record, so that one wrong length does not lose the rest of the segment.
 */
export function scanSegment(segment: Uint8Array): Scan {
  const records: RecordRange[] = [];
  const damage: Damage[] = [];
  let position = 0;
  while (position < segment.length) {
    const record = recordAt(segment, position) ?? nextRecord(segment, position + 1);
    const start = record?.start ?? segment.length;
    if (start > position) damage.push({ start: position, end: start });
    if (record !== undefined) records.push(record);
    position = record?.end ?? segment.length;
  }
  return { records, damage };
}

function nextRecord(segment: Uint8Array, from: number): RecordRange | undefined {
  for (let at = from; at < segment.length; at++) {
    const record = recordAt(segment, at);
    if (record !== undefined) return record;
  }
  return undefined;
}

/** Whether all damage lies behind the last record: a write that a crash cut off, which nobody was told of. */
export function isTornTail({ records, damage }: Scan): boolean {
  const lastEnd = records.at(-1)?.end ?? 0;
  return damage.length === 1 && damage[0]?.start === lastEnd;
}
