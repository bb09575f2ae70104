/** How long a series counts as written: its `last_time` in the store lags by at most this. */
export const seriesRefreshMilliseconds: number = 10 * 60 * 1000;

/** Twice the series that may be active by default; 96 MB. */
const mostSeries = 2_000_000;

/**
 * The series that this process has written lately. Forgetting one only costs writing it once more; but where a million are
 * active and not all are known, all are written again and again, at ten times the price of their samples.
 */
export class KnownSeries {
  readonly #now: () => number;
  readonly #beganAt: number;
  readonly #most: number;
  #table: IdTable = new IdTable(smallest);

  /** @param most beyond so many all are forgotten */
  constructor(now: () => number = Date.now, most: number = mostSeries) {
    this.#now = now;
    this.#beganAt = now();
    this.#most = most;
  }

  hasAll(ids: BigUint64Array): boolean {
    const oldest = this.#time() - seriesRefreshMilliseconds / 1000;
    const halves = halvesOf(ids);
    for (let at = 0; at < halves.length; at += 2) {
      const time = this.#table.timeOf(halves[at] ?? 0, halves[at + 1] ?? 0);
      if (time === 0 || time < oldest) return false;
    }
    return true;
  }

  clear(): void {
    this.#table = new IdTable(smallest);
  }

  add(ids: BigUint64Array): void {
    const time = this.#time();
    const halves = halvesOf(ids);
    for (let at = 0; at < halves.length; at += 2) {
      if (this.#table.isFull) this.#makeRoom(time);
      this.#table.set(halves[at] ?? 0, halves[at + 1] ?? 0, time);
    }
  }

  /** Those that would have to be written again anyway are forgotten. */
  #makeRoom(time: number): void {
    const kept = this.#table.since(time - seriesRefreshMilliseconds / 1000);
    this.#table = kept.size > this.#most ? new IdTable(smallest) : kept;
  }

  /** In whole seconds; never 0, which marks an empty place. */
  #time(): number {
    return Math.floor((this.#now() - this.#beganAt) / 1000) + 1;
  }
}

const smallest = 1024;

/** Ids are hashes of 64 bits; as numbers of 32 they cost no object each. */
function halvesOf(ids: BigUint64Array): Uint32Array {
  return new Uint32Array(ids.buffer, ids.byteOffset, ids.length * 2);
}

/** A time for each id, in 12 bytes a place. A `Map` of a million takes eight times as much, and the collector goes through it. */
class IdTable {
  readonly #mask: number;
  readonly #low: Uint32Array;
  readonly #high: Uint32Array;
  readonly #times: Uint32Array;
  size = 0;

  /** @param places a power of two; at most half of them are taken */
  constructor(places: number) {
    this.#mask = places - 1;
    this.#low = new Uint32Array(places);
    this.#high = new Uint32Array(places);
    this.#times = new Uint32Array(places);
  }

  get isFull(): boolean {
    return this.size * 2 >= this.#times.length;
  }

  /** 0 when the id is not in. */
  timeOf(low: number, high: number): number {
    return this.#times[this.#placeOf(low, high)] ?? 0;
  }

  /** The caller sees to it that there is room. */
  set(low: number, high: number, time: number): void {
    const place = this.#placeOf(low, high);
    if (this.#times[place] === 0) this.size += 1;
    this.#low[place] = low;
    this.#high[place] = high;
    this.#times[place] = time;
  }

  /** Those of this time and later, with room for as many again. */
  since(oldest: number): IdTable {
    const isKept = (time: number): boolean => time !== 0 && time >= oldest;
    const count = this.#times.reduce((sum, time) => sum + Number(isKept(time)), 0);
    const kept = new IdTable(Math.max(smallest, 2 ** Math.ceil(Math.log2(count * 4 + 1))));
    for (const [place, time] of this.#times.entries()) {
      if (isKept(time)) kept.set(this.#low[place] ?? 0, this.#high[place] ?? 0, time);
    }
    return kept;
  }

  #placeOf(low: number, high: number): number {
    let place = low & this.#mask;
    while (this.#times[place] !== 0 && (this.#low[place] !== low || this.#high[place] !== high)) {
      place = (place + 1) & this.#mask;
    }
    return place;
  }
}
