/** Thrown by work that was given up because the person, or the system, asked us to end. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';

  constructor() {
    super('interrupted');
  }
}

const endings = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Ctrl-C, a service manager's SIGTERM, or the terminal's end, as one signal that can be waited for. */
export class Interruption {
  readonly #controller = new AbortController();
  readonly #atOnce: () => void;
  readonly #hear: () => void = () => this.#heard();

  /** @param atOnce called when it is asked for a second time; this process then ends with 130 */
  constructor(atOnce: () => void) {
    this.#atOnce = atOnce;
    for (const name of endings) process.on(name, this.#hear);
  }

  /** Aborts at the first request to end. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Resolves at the first request to end. */
  async heard(): Promise<void> {
    if (this.signal.aborted) return;
    await new Promise((resolve) => this.signal.addEventListener('abort', resolve, { once: true }));
  }

  /** Waits for work, but no longer than until the first request to end: then it throws `Interrupted`. */
  async orInterrupted<Result>(work: Promise<Result>): Promise<Result> {
    return Promise.race([
      work,
      this.heard().then(() => {
        throw new Interrupted();
      }),
    ]);
  }

  close(): void {
    for (const name of endings) process.off(name, this.#hear);
  }

  #heard(): void {
    if (this.signal.aborted) {
      this.#atOnce();
      process.exit(130);
    }
    this.#controller.abort();
  }
}
