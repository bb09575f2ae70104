import {
  type Commit,
  Journal,
  type JournalPosition,
  JournalReader,
  type WaitingSegment,
} from '@maru/journal';
import {
  type DestinationTrouble,
  Ledger,
  type LedgerReport,
  ledgerReport,
  prometheusText,
  type RejectedItems,
  type Settled,
  unsettledTotal,
} from '@maru/ledger';
import { type Account, type Signal, signals } from '@maru/otlp';
import type { LoadedNotice, SegmentList } from '../link/index.ts';
import {
  type CursorPositions,
  Cursors,
  type JournalSubscriber,
  needsSegment,
  reconcileDestinations,
} from './cursors.ts';
import { type LedgerCheckpoint, readLedgerFile, writeLedgerFile } from './ledger-file.ts';
import { recount } from './recount.ts';

export interface BooksOptions {
  readonly dataDir: string;
  readonly fsync: 'always' | 'interval';
  readonly maxBacklogBytes: number;
  /** Destinations of forwarding; none when left out. */
  readonly subscribers?: readonly JournalSubscriber[];
  /** Bytes that may be kept for destinations alone, once the store has them. */
  readonly maxHeldBytes?: number;
  /** Called when what a destination waits for was given up, so that it goes on behind it. */
  readonly givenUp?: (name: string, signal: Signal, to: JournalPosition) => void;
  /** Called after something of a signal was committed. */
  readonly committed: (signal: Signal) => void;
}

const persistIntervalMs = 5_000;
/** What a crash may send a second time: what was settled since the cursors were written. */
const cursorIntervalMs = 1_000;

/** The journal and the ledger as one: what goes into or out of the first is counted in the second. */
export class Books {
  /** Sentences about what the start had to repair. */
  readonly messages: readonly string[];
  private readonly options: BooksOptions;
  private readonly journal: Journal;
  private readonly ledger: Ledger;
  private readonly cursors: Cursors;
  private readonly through: Partial<Record<Signal, JournalPosition>>;
  /** Loaded segments whose files are not deleted for certain. */
  private loadedFiles: LedgerCheckpoint['loaded'];
  /** The cursors as they are on the disk: what lies before them may be deleted. */
  private writtenCursors: CursorPositions = {};
  private persistTimer: NodeJS.Timeout | undefined;
  private persistAtMs = 0;
  private writing: Promise<void> = Promise.resolve();

  private constructor(options: BooksOptions, parts: BooksParts) {
    this.options = options;
    this.journal = parts.journal;
    this.ledger = parts.ledger;
    this.cursors = parts.cursors;
    this.through = { ...parts.checkpoint.journaledThrough };
    this.loadedFiles = parts.checkpoint.loaded;
    this.messages = parts.messages;
  }

  /** Recovers the journal, counts what the last run had not written down, and is ready for requests. */
  static async open(options: BooksOptions): Promise<Books> {
    const { dataDir, fsync, maxBacklogBytes } = options;
    const checkpoint = await readLedgerFile(dataDir);
    const ledger = new Ledger(checkpoint.snapshot);
    let books: Books | undefined;
    const committed = (signal: Signal, commit: Commit): void => books?.count(signal, commit);
    const makeRoom = async (): Promise<boolean> => (await books?.giveUpOldest()) ?? false;
    const journal = await Journal.open(dataDir, { fsync, maxBacklogBytes, makeRoom, committed });
    holdLoaded(journal, checkpoint);
    const lost = await recount(dataDir, ledger, journal, checkpoint);
    const cursors = new Cursors(options.subscribers ?? [], checkpoint.cursors, journal);
    const gone = forgetDestinations(ledger, cursors);
    lost.push(...gone, ...(await reconcileDestinations(ledger, cursors, journal)));
    const messages = [...journal.recoveryMessages, ...lost];
    books = new Books(options, { journal, ledger, checkpoint, cursors, messages });
    books.countedEverything();
    await books.persist();
    await books.deleteUnneeded();
    return books;
  }

  append(signal: Signal, request: Uint8Array, account: Account): Promise<void> {
    return this.journal.append(signal, request, account);
  }

  /** Takes a segment file that lies outside the journal; see `JournalWriter.take`. */
  take(signal: Signal, path: string): Promise<number> {
    return this.journal.writers[signal].take(path);
  }

  /** Whether a segment is still to be loaded, or could be once more after a crash. */
  waits(signal: Signal, segment: number): boolean {
    const isSealed = this.journal.writers[signal].itemsOf(segment) !== undefined;
    return isSealed || this.loadedFiles[signal].includes(segment);
  }

  rejected(items: RejectedItems): void {
    this.ledger.rejected(items);
    this.persistSoon();
  }

  async seal(signal: Signal): Promise<SegmentList> {
    await this.journal.writers[signal].seal();
    return this.segments(signal);
  }

  segments(signal: Signal): SegmentList {
    return { segments: this.journal.writers[signal].segments().map(({ number }) => number) };
  }

  unsealed(): readonly Signal[] {
    return signals.filter((signal) => this.journal.writers[signal].hasUnsealed);
  }

  /**
   * Counts a loaded segment and deletes its file. Items that the loader found neither sound nor refused were lost to
   * damage on the disk and count as dead. The count is durable before the file goes, and the file is named in
   * the ledger until then: a crash in between neither counts twice nor leaves the segment to be loaded again.
   */
  async loaded({ signal, segment, stored, dead }: LoadedNotice): Promise<void> {
    const writer = this.journal.writers[signal];
    const items = writer.itemsOf(segment);
    if (items === undefined) return;
    this.ledger.loaded(signal, stored, Math.max(dead, items - stored));
    writer.hold(segment);
    this.loadedFiles = { ...this.loadedFiles, [signal]: [...this.loadedFiles[signal], segment] };
    this.keepWithinLimit();
    await this.persist();
    await this.deleteUnneeded();
  }

  /** Reads a signal for a destination, from where it stands. */
  reader(name: string, signal: Signal): JournalReader {
    return new JournalReader(this.journal.writers[signal], this.cursors.get(name, signal));
  }

  /** Reads what of a signal is journaled from now on, for somebody who holds nothing back. */
  follower(signal: Signal): JournalReader {
    const writer = this.journal.writers[signal];
    return new JournalReader(writer, writer.end);
  }

  /** Where a follower goes on that leaves out all there is. */
  end(signal: Signal): JournalPosition {
    return this.journal.writers[signal].end;
  }

  journaledItems(signal: Signal): number {
    return this.ledger.journaledItems(signal);
  }

  /** Everything before `to` has come to an end at a destination: it is counted, and the cursor moves there. */
  settled(name: string, signal: Signal, to: JournalPosition, settled: Settled): void {
    if (!this.cursors.advance(name, signal, to)) return;
    this.ledger.settled(name, signal, settled);
    this.persistSoon(cursorIntervalMs);
  }

  /** Something that had come to an end at a destination was sent there again, such as a dead letter. */
  sentAgain(name: string, signal: Signal, items: number, settled: Settled): void {
    this.ledger.offered(name, signal, items);
    this.ledger.settled(name, signal, settled);
    this.persistSoon(cursorIntervalMs);
  }

  /** Gives up the oldest segment that only destinations still wait for, to make room; false when there is none. */
  private async giveUpOldest(): Promise<boolean> {
    if (!this.passOldest()) return false;
    await this.persist();
    await this.deleteUnneeded();
    return true;
  }

  /** A destination that is away must not fill the disk: the oldest go first. */
  private keepWithinLimit(): void {
    const { maxHeldBytes = Number.POSITIVE_INFINITY } = this.options;
    if (this.journal.heldBytes <= maxHeldBytes) return;
    while (this.neededBytes() > maxHeldBytes && this.passOldest());
  }

  /** Bytes held for destinations. What none of them needs is about to be deleted and does not count. */
  private neededBytes(): number {
    return signals.reduce((sum, signal) => sum + bytesOf(this.neededSegments(signal)), 0);
  }

  private neededSegments(signal: Signal): readonly WaitingSegment[] {
    const positions = this.cursors.positions();
    return this.journal.writers[signal]
      .heldSegments()
      .filter((segment) => needsSegment(positions, signal, segment));
  }

  /** Moves every cursor past the oldest segment of the signal that holds most, and counts what is given up. */
  private passOldest(): boolean {
    const bySignal = signals.map((signal) => [signal, this.neededSegments(signal)] as const);
    const [most] = bySignal.toSorted((left, right) => bytesOf(right[1]) - bytesOf(left[1]));
    const [signal, [oldest] = []] = most ?? [];
    if (signal === undefined || oldest === undefined) return false;
    const to = { segment: oldest.number + 1, offset: 0 };
    const later = this.journal.writers[signal].itemsFrom(to.segment);
    for (const name of this.cursors.subscribersOf(signal)) {
      const waiting = unsettledTotal(this.ledger.destination(name, signal));
      if (!this.cursors.advance(name, signal, to)) continue;
      this.ledger.settled(name, signal, { dropped: { disk_cap: Math.max(0, waiting - later) } });
      this.options.givenUp?.(name, signal, to);
    }
    return true;
  }

  /** Deletes the files that the store has and that no destination needs by what is on the disk. */
  private async deleteUnneeded(): Promise<void> {
    for (const signal of signals) {
      const writer = this.journal.writers[signal];
      const unneeded = writer
        .heldSegments()
        .filter((segment) => !needsSegment(this.writtenCursors, signal, segment))
        .map(({ number }) => number);
      for (const number of unneeded) writer.forget(number);
      for (const number of unneeded) await writer.deleteFile(number);
      const rest = this.loadedFiles[signal].filter((number) => !unneeded.includes(number));
      this.loadedFiles = { ...this.loadedFiles, [signal]: rest };
    }
  }

  /** @param troubles of destinations, by name */
  report(troubles?: ReadonlyMap<string, DestinationTrouble>): LedgerReport {
    return ledgerReport(this.ledger.snapshot(), this.journal.waitingItems, Date.now(), troubles);
  }

  metrics(): string {
    return prometheusText(this.ledger.snapshot(), this.journal.waitingItems);
  }

  async close(): Promise<void> {
    clearTimeout(this.persistTimer);
    await this.journal.close();
    await this.persist();
  }

  private count(signal: Signal, { accounts, through }: Commit): void {
    const destinations = this.cursors.subscribersOf(signal);
    const now = Date.now();
    for (const { items, services } of accounts) {
      this.ledger.journaled(signal, items, services, now);
      for (const name of destinations) this.ledger.offered(name, signal, items);
    }
    this.through[signal] = through;
    this.options.committed(signal);
    this.persistSoon();
  }

  /** After the recount everything that lies in sealed segments is counted. */
  private countedEverything(): void {
    for (const signal of signals) {
      const last = this.journal.writers[signal].segments().at(-1);
      if (last !== undefined) this.through[signal] = { segment: last.number, offset: last.bytes };
    }
  }

  /** Rejections are nowhere but in the ledger, so they are written within seconds; an idle intake writes nothing. */
  private persistSoon(afterMs: number = persistIntervalMs): void {
    const atMs = performance.now() + afterMs;
    if (this.persistTimer !== undefined && this.persistAtMs <= atMs) return;
    clearTimeout(this.persistTimer);
    this.persistAtMs = atMs;
    this.persistTimer = setTimeout(() => {
      this.persistTimer = undefined;
      this.persist()
        .then(() => this.deleteUnneeded())
        .catch((error: unknown) => console.error(persistFailure(error)));
    }, afterMs).unref();
  }

  private persist(): Promise<void> {
    const write = this.writing.then(async () => {
      const checkpoint = this.checkpoint();
      await writeLedgerFile(this.options.dataDir, checkpoint);
      this.writtenCursors = checkpoint.cursors;
    });
    this.writing = write.catch(() => undefined);
    return write;
  }

  private checkpoint(): LedgerCheckpoint {
    return {
      snapshot: this.ledger.snapshot(),
      journaledThrough: { ...this.through },
      loaded: this.loadedFiles,
      cursors: this.cursors.positions(),
    };
  }
}

interface BooksParts {
  readonly journal: Journal;
  readonly ledger: Ledger;
  readonly checkpoint: LedgerCheckpoint;
  readonly cursors: Cursors;
  readonly messages: readonly string[];
}

/** Segments that were counted as loaded and lie there still must not be loaded again. */
function holdLoaded(journal: Journal, { loaded }: LedgerCheckpoint): void {
  for (const signal of signals) for (const number of loaded[signal]) journal.writers[signal].hold(number);
}

/** Destinations that are not configured any more lose their place; what waited for them is told. */
function forgetDestinations(ledger: Ledger, cursors: Cursors): readonly string[] {
  const configured = new Set(signals.flatMap((signal) => cursors.subscribersOf(signal)));
  const gone = [...ledger.snapshot().destinations].filter(([name]) => !configured.has(name));
  for (const [name] of gone) ledger.forgetDestination(name);
  return gone.map(([name, bySignal]) => {
    const waiting = Object.values(bySignal).reduce((sum, counts) => sum + unsettledTotal(counts), 0);
    return `the destination ${name} is not configured any more: ${waiting} items that waited for it are given up`;
  });
}

function bytesOf(segments: readonly WaitingSegment[]): number {
  return segments.reduce((sum, { bytes }) => sum + bytes, 0);
}

function persistFailure(error: unknown): string {
  return `cannot write the ledger: ${error instanceof Error ? error.message : String(error)}`;
}
