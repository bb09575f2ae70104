import { constants } from 'node:fs';
import { type FileHandle, mkdir, open, rename, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Refusal } from '@maru/ledger';
import type { Account } from '@maru/otlp';
import { confirmSync, syncDirectory, syncFile, syncWritten } from './durable.ts';
import { JournalError } from './errors.ts';
import { type EncodedRecord, encodeRecord } from './record.ts';
import { type Recovery, recover, type WaitingSegment } from './recover.ts';
import { readSegment, segmentPath } from './segment.ts';
import type { Space } from './space.ts';

/** `always`: acknowledge after fdatasync. `interval`: acknowledge after the write, fdatasync within 100 ms. */
export type FsyncPolicy = 'always' | 'interval';

/** A point in a signal's journal: everything before it in this and all earlier segments. */
export interface JournalPosition {
  readonly segment: number;
  readonly offset: number;
}

/** A group of requests that became durable together. */
export interface Commit {
  readonly accounts: readonly Account[];
  readonly through: JournalPosition;
}

export interface WriterOptions {
  readonly fsync: FsyncPolicy;
  readonly space: Space;
  /** A segment that reaches this size is sealed. 16 MiB when left out: a load gathers a whole segment in memory. */
  readonly maxSegmentBytes?: number;
  /** Called once a group, before any of its `append`s resolves. */
  readonly committed?: (commit: Commit) => void;
}

interface Waiting {
  readonly record: EncodedRecord;
  readonly account: Account;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

/** A segment that can be read up to `bytes`: all of that is whole, durable records. */
export interface ReadableSegment extends WaitingSegment {
  readonly isOpen: boolean;
}

interface OpenSegment {
  readonly number: number;
  readonly handle: FileHandle;
  /** Bytes of whole, acknowledged records; what may lie behind them is the rest of a failed write. */
  size: number;
  items: number;
}

const defaultMaxSegmentBytes = 16 * 1024 * 1024;
const syncIntervalMs = 100;

/**
 * Writes one signal's journal. Requests that come while a group is being synced form the next group: one writev,
 * synced, a turn, however many senders there are. The directory always holds an open segment, if only an empty
 * one, so that a number is never used twice: the store tells segments apart by their numbers.
 */
export class JournalWriter {
  readonly directory: string;
  /** What recovery found at open, a sentence each. */
  readonly recoveryMessages: readonly string[];
  private readonly options: WriterOptions;
  /** Segments whose offsets recovery has changed. */
  readonly rewrittenSegments: readonly number[];
  private readonly sealed = new Map<number, WaitingSegment>();
  /** Segments that the store has, kept for other readers. */
  private readonly held = new Map<number, WaitingSegment>();
  private waiting: Waiting[] = [];
  private segment: OpenSegment | undefined;
  private next: number;
  /** A write failed: the open segment ends in bytes that do not count and must be cut before anything else. */
  private broken = false;
  private unsynced = false;
  private syncTimer: NodeJS.Timeout | undefined;
  private work: Promise<void> = Promise.resolve();

  private constructor(directory: string, options: WriterOptions, { messages, rewritten, next }: Recovery) {
    this.directory = directory;
    this.options = options;
    this.recoveryMessages = messages;
    this.rewrittenSegments = rewritten;
    this.next = next;
  }

  /** Recovers the directory, creating it when it is new, and is ready to append. */
  static async open(directory: string, options: WriterOptions): Promise<JournalWriter> {
    await mkdir(directory, { recursive: true });
    const recovery = await recover(directory);
    const writer = new JournalWriter(directory, options, recovery);
    for (const segment of recovery.segments) writer.adopt(segment);
    await writer.openNext();
    return writer;
  }

  /**
   * Resolves when the request is durable by the policy. `request` belongs to the journal until then. Rejects with a
   * `Refusal` when it was not written; it is never acknowledged and lost.
   */
  append(request: Uint8Array, account: Account): Promise<void> {
    const record = encodeRecord(request, account, BigInt(Date.now()) * 1_000_000n);
    return new Promise((resolve, reject) => {
      this.options.space.reserve(record.size);
      this.waiting.push({ record, account, resolve, reject });
      if (this.waiting.length === 1) this.exclusively(() => this.commit());
    });
  }

  /**
   * Takes a file that is a segment of its own, such as a dead letter, behind all that was appended before, and gives its
   * items. It comes in by one rename: after a crash it is here or where it was, and never in both places. Throws one
   * sentence when it is damaged, and a `Refusal` when the journal is full; then it stays where it is.
   */
  async take(path: string): Promise<number> {
    const content = await readSegment(path);
    if (content.damage.length > 0 || content.records.length === 0)
      throw new Error(`${path} is damaged: a checksum in it is wrong, so that it cannot be loaded`);
    const accounts = content.records.map(({ account }) => account);
    const items = accounts.reduce((sum, account) => sum + account.items, 0);
    await this.exclusively(async () => {
      const number = await this.moveIn(path, content.bytes.length);
      this.sealed.set(number, { number, bytes: content.bytes.length, items });
      this.options.committed?.({ accounts, through: { segment: number, offset: content.bytes.length } });
    });
    return items;
  }

  /** Seals the open segment when it holds records; its number, else undefined. */
  async seal(): Promise<number | undefined> {
    let number: number | undefined;
    await this.exclusively(async () => {
      number = this.segment !== undefined && this.segment.size > 0 ? this.segment.number : undefined;
      if (number !== undefined) await this.rotate();
    });
    return number;
  }

  /** Sealed segments that wait to be loaded, oldest first. */
  segments(): readonly WaitingSegment[] {
    return [...this.sealed.values()].toSorted((left, right) => left.number - right.number);
  }

  /** Items of a sealed segment; undefined when it does not wait any more. */
  itemsOf(number: number): number | undefined {
    return this.sealed.get(number)?.items;
  }

  /** Segments that the store has and other readers still need, oldest first. */
  heldSegments(): readonly WaitingSegment[] {
    return [...this.held.values()].toSorted((left, right) => left.number - right.number);
  }

  /** The first segment with at least this number that holds anything, be it written, sealed or held. */
  segmentFrom(number: number): ReadableSegment | undefined {
    let first: ReadableSegment | undefined;
    const consider = (segment: ReadableSegment): void => {
      if (segment.number >= number && segment.number < (first?.number ?? Number.POSITIVE_INFINITY))
        first = segment;
    };
    for (const segment of this.held.values()) consider({ ...segment, isOpen: false });
    for (const segment of this.sealed.values()) consider({ ...segment, isOpen: false });
    if (this.segment !== undefined) {
      const { number, size, items } = this.segment;
      if (size > 0) consider({ number, bytes: size, items, isOpen: true });
    }
    return first;
  }

  /** Where the next record will stand. */
  get end(): JournalPosition {
    return { segment: this.segment?.number ?? this.next, offset: this.segment?.size ?? 0 };
  }

  /** Items in segments with at least this number. */
  itemsFrom(number: number): number {
    let items = (this.segment?.number ?? 0) >= number ? (this.segment?.items ?? 0) : 0;
    for (const segment of this.sealed.values()) if (segment.number >= number) items += segment.items;
    for (const segment of this.held.values()) if (segment.number >= number) items += segment.items;
    return items;
  }

  /** Items of one sealed or held segment behind an offset, by its records' accounts. */
  async itemsBehind({ segment, offset }: JournalPosition): Promise<number> {
    const { records } = await readSegment(segmentPath(this.directory, segment));
    return records
      .filter(({ start }) => start >= offset)
      .reduce((sum, { account }) => sum + account.items, 0);
  }

  /** Items in all segments that wait to be loaded. */
  get waitingItems(): number {
    let items = this.segment?.items ?? 0;
    for (const segment of this.sealed.values()) items += segment.items;
    return items;
  }

  /** Whether there is anything that `seal` would seal. */
  get hasUnsealed(): boolean {
    return this.segment !== undefined && this.segment.size > 0;
  }

  /** The store has a segment: it no longer waits, and is held until `forget`. */
  hold(number: number): void {
    const segment = this.sealed.get(number);
    if (segment === undefined) return;
    this.sealed.delete(number);
    this.held.set(number, segment);
    this.options.space.hold(segment.bytes);
  }

  /** Forgets a held segment at once; `deleteFile` removes it from the disk. */
  forget(number: number): void {
    const segment = this.held.get(number);
    if (segment === undefined) return;
    this.held.delete(number);
    this.options.space.releaseHeld(segment.bytes);
  }

  /** Deletes a segment's file; it is no error when it is gone already. */
  async deleteFile(number: number): Promise<void> {
    await unlink(segmentPath(this.directory, number)).catch(ignoreMissing);
  }

  /** Waits for what was appended and closes the file; the segment stays open for the next start to seal. */
  async close(): Promise<void> {
    await this.exclusively(async () => {
      clearTimeout(this.syncTimer);
      await this.segment?.handle.datasync();
      await this.segment?.handle.close();
      this.segment = undefined;
    });
  }

  /** Runs one thing at a time on the file, in the order asked for. */
  private exclusively(run: () => Promise<void>): Promise<void> {
    const done = this.work.then(run);
    this.work = done.catch(() => undefined);
    return done;
  }

  private adopt(segment: WaitingSegment): void {
    this.sealed.set(segment.number, segment);
    this.options.space.add(segment.bytes);
  }

  /** Never rejects: each request of the group learns its own outcome. */
  private async commit(): Promise<void> {
    const group = this.waiting;
    this.waiting = [];
    try {
      await this.options.space.ensureDisk();
      const through = await this.write(group);
      this.options.committed?.({ accounts: group.map(({ account }) => account), through });
      for (const { resolve } of group) resolve();
    } catch (error) {
      this.refuse(group, error instanceof Refusal ? error : new JournalError(this.directory, error));
      return;
    }
    await this.sealWhenLarge();
  }

  private refuse(group: readonly Waiting[], error: Error): void {
    for (const { record, reject } of group) {
      this.options.space.release(record.size);
      reject(error);
    }
  }

  private async write(group: readonly Waiting[]): Promise<JournalPosition> {
    if (this.broken) await this.rotate();
    const segment = this.segment ?? (await this.openNext());
    const size = group.reduce((sum, { record }) => sum + record.size, 0);
    this.broken = true;
    await writeAll(
      segment.handle,
      group.flatMap(({ record }) => record.buffers),
      segment.size,
      size,
    );
    if (this.options.fsync === 'always') await confirmSync(segment.handle);
    else this.syncSoon();
    this.broken = false;
    segment.size += size;
    segment.items += group.reduce((sum, { account }) => sum + account.items, 0);
    return { segment: segment.number, offset: segment.size };
  }

  private async sealWhenLarge(): Promise<void> {
    const limit = this.options.maxSegmentBytes ?? defaultMaxSegmentBytes;
    // When sealing fails the next group tries again; what was acknowledged is safe in the open segment.
    if ((this.segment?.size ?? 0) >= limit) await this.rotate().catch(() => undefined);
  }

  /** Seals the open segment and opens the next. After a failed write it first cuts what does not count. */
  private async rotate(): Promise<void> {
    const { segment } = this;
    if (segment === undefined) return;
    await segment.handle.truncate(segment.size);
    await syncWritten(segment.handle);
    this.broken = false;
    if (segment.size === 0) return;
    await rename(
      segmentPath(this.directory, segment.number, 'open'),
      segmentPath(this.directory, segment.number),
    );
    this.segment = undefined;
    this.sealed.set(segment.number, { number: segment.number, bytes: segment.size, items: segment.items });
    this.next = segment.number + 1;
    await segment.handle.close();
    await this.openNext();
  }

  /** Gives the file the open segment's number, and its number since then. */
  private async moveIn(path: string, bytes: number): Promise<number> {
    this.options.space.reserve(bytes);
    try {
      await syncFile(path);
      await this.rotate();
      const { number, handle } = this.segment ?? (await this.openNext());
      this.next = number + 1;
      await this.openNext();
      await handle.close();
      await unlink(segmentPath(this.directory, number, 'open'));
      await rename(path, segmentPath(this.directory, number));
      await syncDirectory(this.directory);
      await syncDirectory(dirname(path));
      return number;
    } catch (error) {
      this.options.space.release(bytes);
      throw error;
    }
  }

  private async openNext(): Promise<OpenSegment> {
    // Not for appending: a positioned write to such a file would go to its end and not to the position.
    // With O_DSYNC a write is its own sync: one way to the pool of threads and back for a group, and not two.
    const synced = this.options.fsync === 'always' ? constants.O_DSYNC : 0;
    const handle = await open(
      segmentPath(this.directory, this.next, 'open'),
      constants.O_RDWR | constants.O_CREAT | synced,
    );
    await syncDirectory(this.directory);
    this.segment = { number: this.next, handle, size: 0, items: 0 };
    return this.segment;
  }

  private syncSoon(): void {
    this.unsynced = true;
    this.syncTimer ??= setTimeout(() => {
      this.syncTimer = undefined;
      this.exclusively(() => this.syncNow()).catch(() => undefined);
    }, syncIntervalMs);
  }

  private async syncNow(): Promise<void> {
    if (!this.unsynced) return;
    this.unsynced = false;
    await this.segment?.handle.datasync();
  }
}

/** Writes all buffers at a position. A short write is an error: the disk is full, whatever the system called it. */
async function writeAll(
  handle: FileHandle,
  buffers: readonly Uint8Array[],
  position: number,
  size: number,
): Promise<void> {
  const { bytesWritten } = await handle.writev([...buffers], position);
  if (bytesWritten !== size) throw new Error(`only ${bytesWritten} of ${size} bytes could be written`);
}

function ignoreMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error;
}
