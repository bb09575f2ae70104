import { Refusal } from '@maru/ledger';

const retryAfterSeconds = 1;

/** Bytes of requests that all doors together hold in memory. Beyond it senders are told to come back. */
export class ByteBudget {
  private readonly limit: number;
  private held = 0;

  constructor(limitBytes: number) {
    this.limit = limitBytes;
  }

  /** Takes bytes, or throws a `Refusal` that the sender may retry. */
  take(bytes: number): void {
    if (this.held + bytes > this.limit) {
      throw new Refusal(
        'overloaded',
        `requests of ${this.held} bytes are being worked on and the limit is ${this.limit}: send this one again in a second`,
        retryAfterSeconds,
      );
    }
    this.held += bytes;
  }

  give(bytes: number): void {
    this.held -= bytes;
  }

  get heldBytes(): number {
    return this.held;
  }
}

/** Lets a fixed number of tasks run at a time; the others wait in order. */
export class Gate {
  private free: number;
  private readonly queue: (() => void)[] = [];

  constructor(places: number) {
    this.free = places;
  }

  async run<T>(task: () => Promise<T>): Promise<T> {
    if (this.free > 0) this.free -= 1;
    else await new Promise<void>((resolve) => this.queue.push(resolve));
    try {
      return await task();
    } finally {
      const next = this.queue.shift();
      if (next === undefined) this.free += 1;
      else next();
    }
  }
}
