/** A flag that one loop waits for: set any number of times before, it wakes once. */
export class Wake {
  #isSet = false;
  #resolve: (() => void) | undefined;

  set(): void {
    this.#isSet = true;
    this.#resolve?.();
  }

  /** Resolves when the flag is set, and clears it, or after so many milliseconds (infinitely many are allowed). */
  async wait(milliseconds: number): Promise<void> {
    if (!this.#isSet) {
      let timer: NodeJS.Timeout | undefined;
      await new Promise<void>((resolve) => {
        this.#resolve = resolve;
        if (Number.isFinite(milliseconds)) timer = setTimeout(resolve, Math.max(0, milliseconds));
      });
      clearTimeout(timer);
    }
    this.#resolve = undefined;
    this.#isSet = false;
  }
}
