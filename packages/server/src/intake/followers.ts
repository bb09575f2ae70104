import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { JournalReader } from '@maru/journal';
import type { Signal } from '@maru/otlp';
import { Wake } from '../engine/wake.ts';
import { droppedFrame, requestFrame } from '../link/tail-frames.ts';
import type { Books } from './books.ts';

/** Each reads the journal for itself, so that there must be an end to them. */
const mostFollowers = 32;

/**
 * Those who follow the journal as it grows. Each reads it with a place of its own, after the commit and beside it: no request
 * waits for a follower, and what a follower is behind lies on the disk and not in memory.
 */
export class Followers {
  readonly #books: Books;
  readonly #followers: Set<Follower> = new Set();

  constructor(books: Books) {
    this.#books = books;
  }

  /** Writes what is journaled from now on as frames, until the response is closed. False when there are too many already. */
  attach(signal: Signal, response: ServerResponse): boolean {
    if (this.#followers.size >= mostFollowers) return false;
    const follower = new Follower(signal, this.#books, response);
    this.#followers.add(follower);
    void follower.done.then(() => this.#followers.delete(follower));
    return true;
  }

  /** Something of a signal was committed. */
  notify(signal: Signal): void {
    for (const follower of this.#followers) if (follower.signal === signal) follower.wake.set();
  }

  async close(): Promise<void> {
    await Promise.all([...this.#followers].map((follower) => follower.close()));
  }
}

class Follower {
  readonly signal: Signal;
  readonly wake: Wake = new Wake();
  readonly done: Promise<void>;
  readonly #books: Books;
  readonly #response: ServerResponse;
  readonly #reader: JournalReader;
  /** Items that were journaled before it came, and those that it got or was told of since. */
  #accounted: number;

  constructor(signal: Signal, books: Books, response: ServerResponse) {
    this.signal = signal;
    this.#books = books;
    this.#response = response;
    this.#reader = books.follower(signal);
    this.#accounted = books.journaledItems(signal);
    response.writeHead(200, { 'content-type': 'application/octet-stream' });
    response.flushHeaders();
    response.on('close', () => this.wake.set());
    this.done = this.#run();
  }

  async close(): Promise<void> {
    this.#response.destroy();
    await this.done;
  }

  async #run(): Promise<void> {
    while (!this.#response.destroyed) {
      await this.#writeAll();
      if (!this.#response.destroyed) await this.wake.wait();
    }
    await this.#reader.close();
  }

  /** All that there is by now. A segment may be gone before it was read: the store had it, and nobody waits for a follower. */
  async #writeAll(): Promise<void> {
    try {
      for (;;) {
        const read = await this.#reader.read();
        if (this.#response.destroyed) return;
        if (read === undefined) return this.#tellDropped();
        for (const { request, account } of read.requests) await this.#write(request, account.items);
      }
    } catch {
      // The file went between two looks.
      this.#reader.skipTo(this.#books.end(this.signal));
      this.#tellDropped();
    }
  }

  /** A follower that does not keep up is shown what is new, and told how much it has missed. */
  async #write(request: Uint8Array, items: number): Promise<void> {
    if (this.#response.writableNeedDrain) {
      await Promise.race([once(this.#response, 'drain'), once(this.#response, 'close')]);
      this.#reader.skipTo(this.#books.end(this.signal));
    }
    if (this.#response.destroyed) return;
    this.#accounted += items;
    this.#response.write(requestFrame(request));
  }

  #tellDropped(): void {
    const dropped = this.#books.journaledItems(this.signal) - this.#accounted;
    if (dropped <= 0) return;
    this.#accounted += dropped;
    this.#response.write(droppedFrame(dropped));
  }
}
