/** How long a series counts as written: its `last_time` in the store lags by at most this. */
export const seriesRefreshMilliseconds: number = 10 * 60 * 1000;

const maxSeries = 500_000;

/** The series that this process has written lately. Forgetting one only costs writing it once more. */
export class KnownSeries {
  readonly #writtenAt: Map<bigint, number> = new Map();
  readonly #now: () => number;

  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  hasAll(ids: BigUint64Array): boolean {
    const oldest = this.#now() - seriesRefreshMilliseconds;
    return ids.every((id) => (this.#writtenAt.get(id) ?? Number.NEGATIVE_INFINITY) >= oldest);
  }

  add(ids: BigUint64Array): void {
    if (this.#writtenAt.size + ids.length > maxSeries) this.#writtenAt.clear();
    const now = this.#now();
    for (const id of ids) this.#writtenAt.set(id, now);
  }
}
