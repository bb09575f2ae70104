import { setTimeout as delay } from 'node:timers/promises';
import { ReadError } from '../../reader.ts';
import type { RemoteEngine } from './engine.ts';

const firstPauseMs = 500;
const longestPauseMs = 30_000;

/**
 * Whether a server can be used. It is made ready with back-off, for as long as that takes. Afterwards what becomes of the
 * requests to it tells: they go on being made, and the first that is answered ends what was in the way.
 */
export class Readiness {
  readonly engine: RemoteEngine;
  readonly #report: (sentence: string) => void;
  readonly #stop: AbortController = new AbortController();
  readonly #preparing: Promise<void>;
  #isPrepared = false;
  #inTheWay: string | undefined;

  /**
   * @param open makes the engine, which tells what became of each request
   * @param report told of each change, in one sentence
   */
  constructor(
    open: (onOutcome: (failure: Error | undefined) => void) => RemoteEngine,
    report: (sentence: string) => void,
  ) {
    this.#report = report;
    this.engine = open((failure) => this.#saw(failure));
    this.#inTheWay = `the store at ${this.engine.shown} is being made ready`;
    this.#preparing = this.#prepare();
  }

  /** Why the store cannot be read and written now; undefined when it can. */
  get inTheWay(): string | undefined {
    return this.#inTheWay;
  }

  /** Why no request may be made yet: the tables are not known to be there. */
  get notPrepared(): string | undefined {
    return this.#isPrepared ? undefined : this.#inTheWay;
  }

  async close(): Promise<void> {
    this.#stop.abort();
    await this.engine.close();
    await this.#preparing;
  }

  async #prepare(): Promise<void> {
    for (let failures = 0; !this.#stop.signal.aborted; failures += 1) {
      try {
        await this.engine.prepare();
        this.#isPrepared = true;
        this.#now(undefined);
        return;
      } catch (error) {
        if (this.#stop.signal.aborted) return;
        this.#now(sentenceOf(error, this.engine.shown));
        const pause = Math.min(longestPauseMs, firstPauseMs * 2 ** failures);
        await delay(pause, undefined, { signal: this.#stop.signal }).catch(() => undefined);
      }
    }
  }

  /** What the engine refuses is no sign of its being away. */
  #saw(failure: Error | undefined): void {
    if (!this.#isPrepared || this.#stop.signal.aborted) return;
    if (failure === undefined) this.#now(undefined);
    else if (failure instanceof ReadError && failure.kind === 'unavailable') this.#now(failure.message);
  }

  #now(inTheWay: string | undefined): void {
    if (inTheWay === this.#inTheWay) return;
    const wasAway = this.#inTheWay !== undefined;
    this.#inTheWay = inTheWay;
    if (inTheWay !== undefined) this.#report(`${inTheWay}; it is tried again until it can be used`);
    else if (wasAway) this.#report(`the store at ${this.engine.shown} is ready`);
  }
}

/** What the engine refuses at the start is mostly what its user may not do; its own sentence names the missing grant. */
function sentenceOf(error: unknown, shown: string): string {
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof ReadError) return message;
  const reason = message.replace(/^Code: \d+\. DB::Exception: /, '').split('\n', 1)[0] ?? message;
  return `the store at ${shown} cannot be used: ${reason}`;
}
