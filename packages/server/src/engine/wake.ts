/** A flag that one loop waits for: set any number of times before, it wakes once. */
export class Wake {
  #isSet = false;
  #resolve: (() => void) | undefined;

  /** Whether the next wait ends at once. */
  get isSet(): boolean {
    return this.#isSet;
  }

  set(): void {
    this.#isSet = true;
    this.#resolve?.();
  }

  /** Resolves when the flag is set, and clears it. */
  async wait(): Promise<void> {
    if (!this.#isSet) {
      await new Promise<void>((resolve) => {
        this.#resolve = resolve;
      });
    }
    this.#resolve = undefined;
    this.#isSet = false;
  }
}
