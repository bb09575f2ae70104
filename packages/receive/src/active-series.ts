/** How long a generation lasts: a series counts as active for one to two of them after its last sample. */
const generationMs = 15 * 60_000;
const smallest = 1024;

/** A set of 32-bit marks: 4 bytes a place, at most half of them taken. 0 marks an empty place, so 0 itself counts as 1. */
class MarkSet {
  #places: Uint32Array = new Uint32Array(smallest);
  size = 0;

  has(mark: number): boolean {
    return this.#places[this.#placeOf(mark)] !== 0;
  }

  /** False when it was in already. */
  add(mark: number): boolean {
    const place = this.#placeOf(mark);
    if (this.#places[place] !== 0) return false;
    this.#places[place] = mark;
    this.size += 1;
    if (this.size * 2 > this.#places.length) this.#grow();
    return true;
  }

  #placeOf(mark: number): number {
    const last = this.#places.length - 1;
    let place = mark & last;
    while (this.#places[place] !== 0 && this.#places[place] !== mark) place = (place + 1) & last;
    return place;
  }

  #grow(): void {
    const before = this.#places;
    this.#places = new Uint32Array(before.length * 2);
    for (const mark of before) if (mark !== 0) this.#places[this.#placeOf(mark)] = mark;
  }
}

/**
 * The series that are active at a door, up to a limit. One that is known always comes in; a new one only while there is room. At
 * a million the sets take 16 MB, and some hundred series pass for others whose mark is the same: a limit need not be exact.
 */
export class ActiveSeries {
  readonly #limit: number;
  readonly #now: () => number;
  #current: MarkSet = new MarkSet();
  #previous: MarkSet = new MarkSet();
  /** Marks of the previous generation that the current one has, too. */
  #inBoth = 0;
  #sinceMs: number;

  /** @param now a steady clock in milliseconds */
  constructor(limit: number, now: () => number = () => performance.now()) {
    this.#limit = limit;
    this.#now = now;
    this.#sinceMs = now();
  }

  get size(): number {
    return this.#current.size + this.#previous.size - this.#inBoth;
  }

  /** Begins a new generation when it is time; once a request is often enough. */
  age(): void {
    const passed = this.#now() - this.#sinceMs;
    if (passed < generationMs) return;
    this.#previous = passed < 2 * generationMs ? this.#current : new MarkSet();
    this.#current = new MarkSet();
    this.#inBoth = 0;
    this.#sinceMs = this.#now();
  }

  /** Whether a point of this series comes in. */
  readonly admit = (mark: number): boolean => {
    const own = mark === 0 ? 1 : mark;
    if (this.#current.has(own)) return true;
    const wasKnown = this.#previous.has(own);
    if (!wasKnown && this.size >= this.#limit) return false;
    this.#current.add(own);
    if (wasKnown) this.#inBoth += 1;
    return true;
  };
}
