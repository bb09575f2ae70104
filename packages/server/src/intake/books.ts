import { type Commit, Journal, type JournalPosition } from '@maru/journal';
import { Ledger, type LedgerReport, ledgerReport, prometheusText, type RejectedItems } from '@maru/ledger';
import { type Account, type Signal, signals } from '@maru/otlp';
import type { LoadedNotice, SegmentList } from '../link/index.ts';
import { type LedgerCheckpoint, readLedgerFile, writeLedgerFile } from './ledger-file.ts';
import { recount } from './recount.ts';

export interface BooksOptions {
  readonly dataDir: string;
  readonly fsync: 'always' | 'interval';
  readonly maxBacklogBytes: number;
  /** Called after something of a signal was committed. */
  readonly committed: (signal: Signal) => void;
}

const persistIntervalMs = 5_000;

/** The journal and the ledger as one: what goes into or out of the first is counted in the second. */
export class Books {
  /** Sentences about what the start had to repair. */
  readonly messages: readonly string[];
  private readonly options: BooksOptions;
  private readonly journal: Journal;
  private readonly ledger: Ledger;
  private readonly through: Partial<Record<Signal, JournalPosition>>;
  /** Loaded segments whose files are not deleted for certain. */
  private loadedFiles: LedgerCheckpoint['loaded'];
  private persistTimer: NodeJS.Timeout | undefined;
  private writing: Promise<void> = Promise.resolve();

  private constructor(
    options: BooksOptions,
    parts: { journal: Journal; ledger: Ledger; checkpoint: LedgerCheckpoint; messages: readonly string[] },
  ) {
    this.options = options;
    this.journal = parts.journal;
    this.ledger = parts.ledger;
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
    const journal = await Journal.open(dataDir, { fsync, maxBacklogBytes, committed });
    await removeLoaded(journal, checkpoint);
    const lost = await recount(dataDir, ledger, journal, checkpoint);
    books = new Books(options, {
      journal,
      ledger,
      checkpoint,
      messages: [...journal.recoveryMessages, ...lost],
    });
    books.countedEverything();
    await books.persist();
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
    writer.forget(segment);
    this.loadedFiles = { ...this.loadedFiles, [signal]: [...this.loadedFiles[signal], segment] };
    await this.persist();
    await writer.deleteFile(segment);
    const rest = this.loadedFiles[signal].filter((number) => number !== segment);
    this.loadedFiles = { ...this.loadedFiles, [signal]: rest };
  }

  report(): LedgerReport {
    return ledgerReport(this.ledger.snapshot(), this.journal.waitingItems);
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
    for (const { items, services } of accounts) this.ledger.journaled(signal, items, services);
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
  private persistSoon(): void {
    this.persistTimer ??= setTimeout(() => {
      this.persistTimer = undefined;
      this.persist().catch((error: unknown) => console.error(persistFailure(error)));
    }, persistIntervalMs).unref();
  }

  private persist(): Promise<void> {
    const write = this.writing.then(() => writeLedgerFile(this.options.dataDir, this.checkpoint()));
    this.writing = write.catch(() => undefined);
    return write;
  }

  private checkpoint(): LedgerCheckpoint {
    return {
      snapshot: this.ledger.snapshot(),
      journaledThrough: { ...this.through },
      loaded: this.loadedFiles,
    };
  }
}

/** Deletes the segments that were counted as loaded when a crash kept their files. */
async function removeLoaded(journal: Journal, { loaded }: LedgerCheckpoint): Promise<void> {
  for (const signal of signals) {
    for (const number of loaded[signal]) {
      journal.writers[signal].forget(number);
      await journal.writers[signal].deleteFile(number);
    }
  }
}

function persistFailure(error: unknown): string {
  return `cannot write the ledger: ${error instanceof Error ? error.message : String(error)}`;
}
