import { QueryError } from './errors.ts';

export interface GateOptions {
  /** So many are inside at a time. */
  readonly atOnce: number;
  /** So many may wait; more are turned away at once. */
  readonly maxWaiting: number;
}

/** Until when somebody waits. */
export interface Patience {
  readonly seconds: number;
  readonly signal?: AbortSignal | undefined;
}

/** Lets a few queries in at a time, the others in the order in which they came. */
export class Gate {
  readonly #options: GateOptions;
  readonly #waiting: Set<() => void> = new Set();
  #inside = 0;

  constructor(options: GateOptions) {
    this.#options = options;
  }

  /** How many wait. */
  get waiting(): number {
    return this.#waiting.size;
  }

  /**
   * Resolves inside, with the way out, which is to be called once.
   *
   * @throws QueryError in Prometheus's words when it waits too long or its client leaves, or when too many wait already
   */
  async enter(patience: Patience): Promise<() => void> {
    if (patience.signal?.aborted) throw canceled();
    if (this.#inside < this.#options.atOnce) this.#inside += 1;
    else await this.#wait(patience);
    return () => this.#leave();
  }

  #wait({ seconds, signal }: Patience): Promise<void> {
    const { maxWaiting } = this.#options;
    if (this.#waiting.size >= maxWaiting) throw tooManyWait(maxWaiting);
    return new Promise((resolve, reject) => {
      const end = (settle: () => void): void => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', left);
        this.#waiting.delete(enter);
        settle();
      };
      const enter = (): void => end(resolve);
      const left = (): void => end(() => reject(canceled()));
      const timer = setTimeout(() => end(() => reject(timedOut())), seconds * 1000);
      signal?.addEventListener('abort', left, { once: true });
      this.#waiting.add(enter);
    });
  }

  /** Who leaves gives its place to the one that waits longest. */
  #leave(): void {
    const [next] = this.#waiting;
    if (next === undefined) this.#inside -= 1;
    else next();
  }
}

function canceled(): QueryError {
  return new QueryError('canceled', 'query was canceled in query queue');
}

function timedOut(): QueryError {
  return new QueryError('timeout', 'query timed out in query queue');
}

function tooManyWait(limit: number): QueryError {
  return new QueryError(
    'unavailable',
    `too many queries: ${limit} already wait in query queue; try again shortly`,
  );
}
