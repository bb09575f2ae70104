import { Cursor } from './wire.ts';

/** Says whether the series of this mark may come in. The mark is the same for the same series, and hardly ever for two. */
export type AdmitSeries = (mark: number) => boolean;

/** Where a point has its attributes, by the number of the metric's data field. */
const attributeFields: Readonly<Record<number, number>> = { 5: 7, 7: 7, 9: 9, 10: 1, 11: 7, 29: 1 };

/**
 * Asks for every point of a checked metrics request whether its series may come in, and gives the places of those that may not:
 * where the key of the `data_points` field stands. A series is told by its resource, its metric's name and its attributes in
 * whatever order; a histogram is one. One more walk over the bytes: 0.12 CPU-seconds a million points beside 0.2 of the check.
 */
export function refusedPoints(request: Uint8Array, admit: AdmitSeries): ReadonlySet<number> {
  const walk = new SeriesWalk(request, admit);
  walk.request();
  return walk.refused;
}

/** A class, as the check is: this is the hot path, and there must be no allocation for a point. */
class SeriesWalk extends Cursor {
  readonly refused: Set<number> = new Set();
  readonly #admit: AdmitSeries;
  #resource = 0;
  #metric = 0;

  constructor(bytes: Uint8Array, admit: AdmitSeries) {
    super(bytes);
    this.#admit = admit;
  }

  request(): void {
    this.#each(this.bytes.length, 1, (end) => this.#resourceGroup(end));
  }

  #resourceGroup(end: number): void {
    this.#resource = this.#markOf(end, 1);
    this.#each(end, 2, (scopeEnd) => this.#each(scopeEnd, 2, (metricEnd) => this.#metricOf(metricEnd)));
  }

  #metricOf(end: number): void {
    this.#metric = mixed(this.#resource, this.#markOf(end, 1));
    while (this.position < end) {
      const tag = this.tag(end);
      const attributes = attributeFields[Math.floor(tag / 8)];
      if ((tag & 7) !== 2 || attributes === undefined) this.skipValue(tag & 7, end);
      else this.#points(this.length(end) + this.position, attributes);
    }
  }

  #points(end: number, attributes: number): void {
    while (this.position < end) {
      const start = this.position;
      const tag = this.tag(end);
      if (tag !== pointsTag) this.skipValue(tag & 7, end);
      else if (!this.#admit(this.#point(this.length(end) + this.position, attributes)))
        this.refused.add(start);
    }
  }

  /** Attributes are summed, so that their order does not matter. */
  #point(end: number, attributes: number): number {
    let sum = 0;
    while (this.position < end) {
      const tag = this.tag(end);
      if (tag >>> 3 !== attributes) this.skipValue(tag & 7, end);
      else sum = (sum + this.#content(end)) | 0;
    }
    return mixed(this.#metric, sum);
  }

  /** The mark of a field's content, wherever in the message it stands; the position stays. */
  #markOf(end: number, field: number): number {
    const from = this.position;
    let mark = 0;
    while (this.position < end) {
      const tag = this.tag(end);
      if (tag === field * 8 + 2) mark = this.#content(end);
      else this.skipValue(tag & 7, end);
    }
    this.position = from;
    return mark;
  }

  /** MurmurHash3 (32 bits) of the content of a length-delimited field: sums of a weaker one fell together too often. */
  #content(end: number): number {
    const contentEnd = this.length(end) + this.position;
    const { bytes } = this;
    let hash = contentEnd - this.position;
    let at = this.position;
    for (; at + 3 < contentEnd; at += 4) {
      const low = (bytes[at] as number) | ((bytes[at + 1] as number) << 8);
      hash = stirred(hash, low | ((bytes[at + 2] as number) << 16) | ((bytes[at + 3] as number) << 24));
    }
    for (; at < contentEnd; at += 1) hash = stirred(hash, bytes[at] as number);
    this.position = contentEnd;
    return finished(hash);
  }

  #each(end: number, field: number, visit: (contentEnd: number) => void): void {
    while (this.position < end) {
      const tag = this.tag(end);
      if (tag === field * 8 + 2) visit(this.length(end) + this.position);
      else this.skipValue(tag & 7, end);
    }
  }
}

/** Key of `data_points`, which is field 1 in every kind of data. */
const pointsTag = 10;

function stirred(hash: number, block: number): number {
  let stirring = Math.imul(block, 0xcc9e2d51);
  stirring = Math.imul((stirring << 15) | (stirring >>> 17), 0x1b873593);
  const both = hash ^ stirring;
  return (Math.imul((both << 13) | (both >>> 19), 5) + 0xe6546b64) | 0;
}

function finished(hash: number): number {
  let mark = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  mark = Math.imul(mark ^ (mark >>> 13), 0xc2b2ae35);
  return (mark ^ (mark >>> 16)) >>> 0;
}

/** The mark of something that has two parts. */
function mixed(left: number, right: number): number {
  return finished(stirred(left, right));
}
