import { type FileHandle, open } from 'node:fs/promises';
import type { Account } from '@maru/otlp';
import { recordAt, recordEnd, recordFacts } from './record.ts';
import { scanSegment } from './scan.ts';
import { segmentPath } from './segment.ts';
import type { JournalPosition, JournalWriter, ReadableSegment } from './writer.ts';

/** One request as it lies in the journal, without its trailer. */
export interface JournaledRequest {
  readonly request: Uint8Array;
  readonly account: Account;
  readonly receivedTimeUnixNano: bigint;
  readonly start: JournalPosition;
  /** Where the next record stands. */
  readonly end: JournalPosition;
}

/** What one read found, in the journal's order. */
export interface JournalRead {
  readonly requests: readonly JournaledRequest[];
  /** Items of this segment that damage on the disk destroyed; a read that has any is the segment's last. */
  readonly lostItems: number;
  /** Where the next read goes on. */
  readonly end: JournalPosition;
}

/** Most that one read takes of a segment besides a single larger record; the size of the buffer. */
const defaultReadBytes = 1024 * 1024;

/**
 * Reads one signal's journal in order and as it grows, in the process that writes it, so that it knows what is durable.
 * It holds no segment back: whoever keeps the positions does (`JournalWriter.hold` and `forget`). Not for use by two at once.
 */
export class JournalReader {
  readonly #writer: JournalWriter;
  #position: JournalPosition;
  #file: { readonly number: number; readonly handle: FileHandle } | undefined;

  constructor(writer: JournalWriter, from: JournalPosition) {
    this.#writer = writer;
    this.#position = from;
  }

  get position(): JournalPosition {
    return this.#position;
  }

  /** Reads on from a later position; an earlier one changes nothing. */
  skipTo(position: JournalPosition): void {
    if (isBefore(this.#position, position)) this.#position = position;
  }

  /** The next requests, at most about `maxBytes` but at least one; undefined when there is nothing new. */
  async read(maxBytes: number = defaultReadBytes): Promise<JournalRead | undefined> {
    const from = this.#position;
    const segment = this.#segmentAt(from);
    if (segment === undefined) return undefined;
    const offset = segment.number === from.segment ? from.offset : 0;
    const read = await this.#readSegment(segment, offset, maxBytes);
    // `skipTo` may have come in between, and then what was read is given up.
    if (this.#position !== from) return undefined;
    this.#position = read.end;
    return read;
  }

  async close(): Promise<void> {
    const file = this.#file;
    this.#file = undefined;
    await file?.handle.close();
  }

  #segmentAt({ segment, offset }: JournalPosition): ReadableSegment | undefined {
    const current = this.#writer.segmentFrom(segment);
    if (current === undefined || current.number > segment || current.bytes > offset) return current;
    return current.isOpen ? undefined : this.#writer.segmentFrom(segment + 1);
  }

  async #readSegment(segment: ReadableSegment, offset: number, maxBytes: number): Promise<JournalRead> {
    const handle = await this.#open(segment);
    const left = segment.bytes - offset;
    const bytes = await readAt(handle, offset, Math.min(maxBytes, left));
    const requests = recordsOf(bytes, segment.number, offset);
    const end = requests.at(-1)?.end.offset ?? offset;
    if (requests.length > 0 && (end === segment.bytes || needsMore(bytes, end - offset)))
      return { requests, lostItems: 0, end: { segment: segment.number, offset: end } };
    const first = recordEnd(bytes, end - offset);
    if (requests.length === 0 && first !== undefined && first > bytes.length && first <= left)
      return this.#readSegment(segment, offset, first);
    return this.#readDamaged(segment, offset, handle);
  }

  /** A checksum is wrong: what is sound in the rest of the segment, and how many items are not. */
  async #readDamaged(segment: ReadableSegment, offset: number, handle: FileHandle): Promise<JournalRead> {
    const bytes = await readAt(handle, 0, segment.bytes);
    const sound = scanSegment(bytes).records.map((range) => requestOf(bytes, range, segment.number, 0));
    const found = sound.reduce((sum, { account }) => sum + account.items, 0);
    return {
      requests: sound.filter(({ start }) => start.offset >= offset),
      lostItems: Math.max(0, segment.items - found),
      end: { segment: segment.number, offset: segment.bytes },
    };
  }

  /** The handle stays good when the segment is sealed, which renames it. */
  async #open({ number, isOpen }: ReadableSegment): Promise<FileHandle> {
    if (this.#file?.number === number) return this.#file.handle;
    await this.close();
    const { directory } = this.#writer;
    const [first, second] = isOpen ? (['open', 'segment'] as const) : (['segment', 'open'] as const);
    const handle = await open(segmentPath(directory, number, first), 'r').catch(() =>
      open(segmentPath(directory, number, second), 'r'),
    );
    this.#file = { number, handle };
    return handle;
  }
}

/** Whether what follows is a record that the buffer cuts off, and not damage. */
function needsMore(bytes: Uint8Array, at: number): boolean {
  const end = recordEnd(bytes, at);
  return at >= bytes.length || bytes.length - at < 5 || (end !== undefined && end > bytes.length);
}

async function readAt(handle: FileHandle, offset: number, length: number): Promise<Uint8Array> {
  const buffer = Buffer.allocUnsafe(length);
  const { bytesRead } = await handle.read(buffer, 0, length, offset);
  return buffer.subarray(0, bytesRead);
}

function recordsOf(bytes: Uint8Array, segment: number, offset: number): readonly JournaledRequest[] {
  const requests: JournaledRequest[] = [];
  for (let at = 0; at < bytes.length; ) {
    const range = recordAt(bytes, at);
    if (range === undefined) break;
    requests.push(requestOf(bytes, range, segment, offset));
    at = range.end;
  }
  return requests;
}

function requestOf(
  bytes: Uint8Array,
  range: { readonly start: number; readonly messageStart: number; readonly end: number },
  segment: number,
  offset: number,
): JournaledRequest {
  const { account, receivedTimeUnixNano, requestEnd } = recordFacts(bytes, range);
  return {
    request: bytes.subarray(range.messageStart, requestEnd),
    account,
    receivedTimeUnixNano,
    start: { segment, offset: offset + range.start },
    end: { segment, offset: offset + range.end },
  };
}

/** Whether one position comes before another. */
export function isBefore(left: JournalPosition, right: JournalPosition): boolean {
  return left.segment < right.segment || (left.segment === right.segment && left.offset < right.offset);
}
