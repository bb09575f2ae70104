import { ReadError } from '../reader.ts';
import type { EngineSession } from './engine.ts';

/** Lends sessions. */
export interface Lends {
  /** Lends a session to `use`, after the signal says that nobody wants the result any more rejecting at once. */
  lend<Result>(use: (session: EngineSession) => Promise<Result>, signal?: AbortSignal): Promise<Result>;
}

/** The one place where a database is chosen: whatever runs in a session that is lent from here runs in this database. */
export function inDatabase(lane: Lends, database: string): Lends {
  return {
    lend: (use, signal) =>
      lane.lend(async (session) => {
        await session.use(database);
        return use(session);
      }, signal),
  };
}

/** Lends nothing for as long as something is in the way. */
export function onceReady(lane: Lends, inTheWay: () => string | undefined): Lends {
  return {
    lend: async (use, signal) => {
      const reason = inTheWay();
      if (reason !== undefined) throw new ReadError('unavailable', reason);
      return lane.lend(use, signal);
    },
  };
}

/**
 * A few sessions that take turns. A session runs one statement at a time, so a statement waits here, in order, until
 * one is free; a lane of its own keeps short look-ups from waiting behind long scans (33 s were seen on one session).
 */
export class Lane implements Lends {
  readonly #idle: EngineSession[];
  readonly #waiting: Waiter[] = [];
  readonly #maxWaiting: number;

  constructor(sessions: readonly EngineSession[], maxWaiting: number) {
    this.#idle = [...sessions];
    this.#maxWaiting = maxWaiting;
  }

  /** Whether the next one has to wait. */
  get isFull(): boolean {
    return this.#idle.length === 0;
  }

  /** Lends a session to `use`, after the signal says that nobody wants the result any more rejecting at once. */
  async lend<Result>(
    use: (session: EngineSession) => Promise<Result>,
    signal?: AbortSignal,
  ): Promise<Result> {
    const session = await this.#take(signal);
    try {
      return await use(session);
    } finally {
      this.#give(session);
    }
  }

  #take(signal: AbortSignal | undefined): Promise<EngineSession> {
    if (signal?.aborted) return Promise.reject(cancelled());
    const session = this.#idle.pop();
    if (session !== undefined) return Promise.resolve(session);
    if (this.#waiting.length >= this.#maxWaiting) return Promise.reject(busy(this.#maxWaiting));
    return this.#wait(signal);
  }

  #wait(signal: AbortSignal | undefined): Promise<EngineSession> {
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        this.#waiting.splice(this.#waiting.indexOf(waiter), 1);
        reject(cancelled());
      };
      const waiter: Waiter = (session) => {
        signal?.removeEventListener('abort', leave);
        resolve(session);
      };
      signal?.addEventListener('abort', leave, { once: true });
      this.#waiting.push(waiter);
    });
  }

  #give(session: EngineSession): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#idle.push(session);
    else next(session);
  }
}

type Waiter = (session: EngineSession) => void;

function cancelled(): ReadError {
  return new ReadError('cancelled', 'the query was cancelled before it ran: the client went away');
}

function busy(limit: number): ReadError {
  return new ReadError('unavailable', `too many queries are waiting: ${limit} already do; try again shortly`);
}
