/**
 * A bucket that fills with a rate and holds a second's worth. Whoever takes more than it holds is in debt and waits until it
 * is paid: so a request that is larger than a second's worth comes through, and the rate holds over time.
 */
export class RateMeter {
  readonly #perSecond: number;
  readonly #now: () => number;
  #held: number;
  #filledAtMs: number;

  /** @param now a steady clock in milliseconds */
  constructor(perSecond: number, now: () => number = () => performance.now()) {
    this.#perSecond = perSecond;
    this.#now = now;
    this.#held = perSecond;
    this.#filledAtMs = now();
  }

  /** Whole seconds until something may be taken again; 0 when it may be now. */
  get waitSeconds(): number {
    this.#fill();
    return this.#held > 0 ? 0 : Math.max(1, Math.ceil(-this.#held / this.#perSecond));
  }

  take(units: number): void {
    this.#fill();
    this.#held -= units;
  }

  #fill(): void {
    const now = this.#now();
    this.#held = Math.min(this.#perSecond, this.#held + ((now - this.#filledAtMs) / 1000) * this.#perSecond);
    this.#filledAtMs = now;
  }
}
