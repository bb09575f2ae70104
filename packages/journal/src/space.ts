import { statfs } from 'node:fs/promises';
import { JournalFull } from './errors.ts';

export interface SpaceLimits {
  /** Bytes that may wait in the journal, all signals together. */
  readonly maxBacklogBytes: number;
  /** Free bytes on the disk below which nothing is taken; by default the larger of 512 MiB and 5 %. */
  readonly minFreeBytes?: number;
  /** Called when the disk has too little room: deletes what the store has already, and says whether there was any. */
  readonly makeRoom?: () => Promise<boolean>;
}

const mebibyte = 1024 * 1024;
const defaultFloorBytes = 512 * mebibyte;
const defaultFloorShare = 0.05;
const statfsIntervalMs = 1000;

/** Watches the room that the journals of one directory share, so that data is refused before the disk is full. */
export class Space {
  private readonly directory: string;
  private readonly limits: SpaceLimits;
  private backlog = 0;
  private held = 0;
  private checkedAt = Number.NEGATIVE_INFINITY;
  private free = Number.POSITIVE_INFINITY;
  private floor = 0;

  constructor(directory: string, limits: SpaceLimits) {
    this.directory = directory;
    this.limits = limits;
  }

  /** Takes `bytes` of the backlog, or throws `JournalFull`. */
  reserve(bytes: number): void {
    if (this.backlog + bytes > this.limits.maxBacklogBytes) {
      throw new JournalFull(
        `the journal in ${this.directory} holds ${inMebibytes(this.backlog)} that the store has not taken yet and its limit is ` +
          `${inMebibytes(this.limits.maxBacklogBytes)}: see whether the engine runs, or raise the limit`,
      );
    }
    this.backlog += bytes;
  }

  /** Counts what already lies there. */
  add(bytes: number): void {
    this.backlog += bytes;
  }

  release(bytes: number): void {
    this.backlog -= bytes;
  }

  /** The store has taken bytes of the backlog; they stay for other readers, and hold no new data up. */
  hold(bytes: number): void {
    this.backlog -= bytes;
    this.held += bytes;
  }

  releaseHeld(bytes: number): void {
    this.held -= bytes;
  }

  /** Bytes that the store has taken and that other readers still need. */
  get heldBytes(): number {
    return this.held;
  }

  get backlogBytes(): number {
    return this.backlog;
  }

  /** Throws `JournalFull` when the disk has too little room; asks the system at most once a second. */
  async ensureDisk(): Promise<void> {
    if (performance.now() - this.checkedAt >= statfsIntervalMs) await this.measure();
    while (this.free < this.floor && (await this.limits.makeRoom?.()) === true) await this.measure();
    if (this.free >= this.floor) return;
    throw new JournalFull(
      `the disk of ${this.directory} has ${inMebibytes(this.free)} free and ${inMebibytes(this.floor)} must stay free: make room or shorten retention`,
    );
  }

  private async measure(): Promise<void> {
    const { bsize, bavail, blocks } = await statfs(this.directory);
    this.free = bavail * bsize;
    this.floor = this.limits.minFreeBytes ?? Math.max(defaultFloorBytes, blocks * bsize * defaultFloorShare);
    this.checkedAt = performance.now();
  }
}

function inMebibytes(bytes: number): string {
  return `${Math.round(bytes / mebibyte)} MiB`;
}
