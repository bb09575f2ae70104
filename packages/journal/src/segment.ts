import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Account } from '@maru/otlp';
import { addAccounts } from './account.ts';
import { type RecordFacts, type RecordRange, recordFacts } from './record.ts';
import { type Damage, scanSegment } from './scan.ts';
import type { SegmentBuffer } from './segment-buffer.ts';

/** What a file of the journal is: being written, sealed, a repair under way, or set aside as damaged. */
export type SegmentKind = 'open' | 'segment' | 'clean' | 'bad';

export interface SegmentFile {
  readonly number: number;
  readonly kind: SegmentKind;
  readonly path: string;
}

const namePattern = /^(\d{12})\.(open|segment|clean|bad)$/;

/** The path of a segment: twelve digits, so that names sort as numbers do. */
export function segmentPath(directory: string, number: number, kind: SegmentKind = 'segment'): string {
  return join(directory, `${String(number).padStart(12, '0')}.${kind}`);
}

/** All files of one signal's journal, oldest first. Other files are not looked at. */
export async function listFiles(directory: string): Promise<readonly SegmentFile[]> {
  const names = await readdir(directory);
  return names.toSorted().flatMap((name) => {
    const match = namePattern.exec(name);
    if (match === null) return [];
    return [{ number: Number(match[1]), kind: match[2] as SegmentKind, path: join(directory, name) }];
  });
}

/** The sealed segments of one signal's journal, oldest first. */
export async function listSegments(directory: string): Promise<readonly SegmentFile[]> {
  return (await listFiles(directory)).filter(({ kind }) => kind === 'segment');
}

/** One request of a segment: where it lies and what it holds. */
export interface SegmentRecord extends RecordRange, RecordFacts {}

export interface SegmentContent {
  readonly records: readonly SegmentRecord[];
  /** Ranges without a valid record; empty in a sound segment. */
  readonly damage: readonly Damage[];
  readonly bytes: Uint8Array;
}

/**
 * Reads a segment and verifies every checksum. The records are ranges of `bytes`, not copies. Read into a buffer, the
 * content is valid until the buffer takes the next segment.
 */
export async function readSegment(path: string, buffer?: SegmentBuffer): Promise<SegmentContent> {
  return parseSegment(buffer === undefined ? await readFile(path) : await buffer.read(path));
}

export function parseSegment(bytes: Uint8Array): SegmentContent {
  const { records, damage } = scanSegment(bytes);
  return { bytes, damage, records: records.map((range) => ({ ...range, ...recordFacts(bytes, range) })) };
}

/** What a segment holds in all. Throws one sentence when a checksum is wrong. */
export async function segmentAccount(path: string): Promise<Account> {
  const { records, damage } = await readSegment(path);
  const [first] = damage;
  if (first !== undefined) {
    throw new Error(
      `segment ${path} is damaged at bytes ${first.start} to ${first.end}: a checksum is wrong; ` +
        'restart the stack to have its sound records saved',
    );
  }
  return addAccounts(records.map(({ account }) => account));
}
