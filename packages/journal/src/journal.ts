import { join } from 'node:path';
import { type Account, type Signal, signals } from '@maru/otlp';
import { Space } from './space.ts';
import { type Commit, type FsyncPolicy, JournalWriter } from './writer.ts';

export interface JournalOptions {
  readonly fsync: FsyncPolicy;
  readonly maxBacklogBytes: number;
  readonly minFreeBytes?: number;
  /** See `SpaceLimits`. */
  readonly makeRoom?: () => Promise<boolean>;
  readonly maxSegmentBytes?: number;
  readonly committed?: (signal: Signal, commit: Commit) => void;
}

/** The journals of the three signals under `<dataDir>/journal`, which share the room on the disk. */
export class Journal {
  readonly writers: Readonly<Record<Signal, JournalWriter>>;
  private readonly space: Space;

  private constructor(writers: Readonly<Record<Signal, JournalWriter>>, space: Space) {
    this.writers = writers;
    this.space = space;
  }

  static async open(dataDir: string, options: JournalOptions): Promise<Journal> {
    const { fsync, maxBacklogBytes, minFreeBytes, makeRoom, maxSegmentBytes, committed } = options;
    const space = new Space(dataDir, {
      maxBacklogBytes,
      ...(minFreeBytes === undefined ? {} : { minFreeBytes }),
      ...(makeRoom === undefined ? {} : { makeRoom }),
    });
    const openWriter = (signal: Signal): Promise<JournalWriter> =>
      JournalWriter.open(journalDirectory(dataDir, signal), {
        fsync,
        space,
        ...(maxSegmentBytes === undefined ? {} : { maxSegmentBytes }),
        committed: (commit) => committed?.(signal, commit),
      });
    const [traces, metrics, logs] = await Promise.all([
      openWriter('traces'),
      openWriter('metrics'),
      openWriter('logs'),
    ]);
    return new Journal({ traces, metrics, logs }, space);
  }

  append(signal: Signal, request: Uint8Array, account: Account): Promise<void> {
    return this.writers[signal].append(request, account);
  }

  get backlogBytes(): number {
    return this.space.backlogBytes;
  }

  /** Bytes that the store has and other readers still need. */
  get heldBytes(): number {
    return this.space.heldBytes;
  }

  get recoveryMessages(): readonly string[] {
    return signals.flatMap((signal) => this.writers[signal].recoveryMessages);
  }

  get waitingItems(): Readonly<Record<Signal, number>> {
    const { traces, metrics, logs } = this.writers;
    return { traces: traces.waitingItems, metrics: metrics.waitingItems, logs: logs.waitingItems };
  }

  async close(): Promise<void> {
    await Promise.all(signals.map((signal) => this.writers[signal].close()));
  }
}

/** Where one signal's segments lie. */
export function journalDirectory(dataDir: string, signal: Signal): string {
  return join(dataDir, 'journal', signal);
}
