/** How long a series counts as written: its `last_time` in the store lags by at most this. */
export const seriesRefreshMilliseconds: number = 10 * 60 * 1000;

const maxSeries = 500_000;

/** The series, or resources, that this process has written lately. Forgetting one only costs writing it once more. */
export class KnownSeries<Id extends bigint | number = bigint> {
  readonly #writtenAt: Map<Id, number> = new Map();
  readonly #now: () => number;

  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  hasAll(ids: Iterable<Id>): boolean {
    const oldest = this.#now() - seriesRefreshMilliseconds;
    for (const id of ids) if ((this.#writtenAt.get(id) ?? Number.NEGATIVE_INFINITY) < oldest) return false;
    return true;
  }

  clear(): void {
    this.#writtenAt.clear();
  }

  add(ids: Iterable<Id>): void {
    const now = this.#now();
    for (const id of ids) this.#writtenAt.set(id, now);
    if (this.#writtenAt.size > maxSeries) this.#writtenAt.clear();
  }
}
