import { appendFileSync, mkdirSync, renameSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/** A log of a child that floods must not fill the disk: one file of this size and one older are kept. */
const largestBytes = 10 * 1024 * 1024;

/**
 * A child's log: lines appended to one file, moved to `<file>.1` when it is 10 MiB. Written synchronously: lines are
 * few, and the last ones before a crash are those that matter.
 */
export class LogFile {
  readonly path: string;
  #bytes: number;

  constructor(path: string) {
    this.path = path;
    mkdirSync(dirname(path), { recursive: true });
    this.#bytes = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  }

  /** Adds one line with the time in front. A full disk is not the child's fault: the line is then lost in silence. */
  append(line: string): void {
    const text = `${new Date().toISOString()} ${line}\n`;
    try {
      if (this.#bytes > largestBytes) this.#rotate();
      appendFileSync(this.path, text);
      this.#bytes += Buffer.byteLength(text);
    } catch {
      // Nowhere to say it: the terminal still gets the loud lines.
    }
  }

  #rotate(): void {
    renameSync(this.path, `${this.path}.1`);
    this.#bytes = 0;
  }
}
