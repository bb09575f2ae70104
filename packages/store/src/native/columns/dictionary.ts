import { randomBytes } from 'node:crypto';
import { keptBytes } from './column-writer.ts';
import { GrowingBytes } from './growing-bytes.ts';
import { wordAt } from './words.ts';

const smallest = 256;

/** Of this process alone, so that nobody can send texts that all fall into one place. */
const seed: number = randomBytes(4).readInt32LE();

/**
 * Distinct texts, numbered in the order they came; '' is 0, as in the engine's own dictionaries. Items of one sender hold the
 * same keys in the same order, so the text that followed last time is tried first: no hash is made of nine in ten.
 */
export class Dictionary {
  readonly #texts: GrowingBytes = new GrowingBytes();
  #starts: Uint32Array = new Uint32Array(smallest);
  #ends: Uint32Array = new Uint32Array(smallest);
  #followers: Uint32Array = new Uint32Array(smallest);
  #hashes: Int32Array = new Int32Array(smallest);
  /** Numbers by hash, at most half full; 0 is an empty place, since '' is never looked for here. */
  #places: Uint32Array = new Uint32Array(smallest * 2);
  #size = 0;
  #last = 0;

  constructor() {
    this.clear();
  }

  get size(): number {
    return this.#size;
  }

  /** All texts in their order, each behind its length. */
  get texts(): Uint8Array {
    return this.#texts.written;
  }

  /** The number of a text, which is added when it is new. */
  numberOf(source: Uint8Array, start: number, end: number): number {
    const likely = this.#followers[this.#last] as number;
    const number = this.#is(likely, source, start, end) ? likely : this.#find(source, start, end);
    this.#followers[this.#last] = number;
    this.#last = number;
    return number;
  }

  clear(): void {
    this.#texts.clear();
    this.#texts.byte(0);
    this.#starts[0] = this.#ends[0] = 1;
    this.#followers.fill(0, 0, this.#size);
    this.#places.fill(0);
    this.#size = 1;
    this.#last = 0;
  }

  rest(): void {
    if (this.#starts.byteLength > keptBytes) this.#resize(smallest);
    this.clear();
    this.#texts.rest();
    this.clear();
  }

  #find(source: Uint8Array, start: number, end: number): number {
    if (start === end) return 0;
    const hash = hashOf(source, start, end);
    const mask = this.#places.length - 1;
    for (let place = hash & mask; ; place = (place + 1) & mask) {
      const number = this.#places[place] as number;
      if (number === 0) return this.#add(source, start, end, hash, place);
      if (this.#hashes[number] === hash && this.#is(number, source, start, end)) return number;
    }
  }

  #is(number: number, source: Uint8Array, start: number, end: number): boolean {
    const from = this.#starts[number] as number;
    const length = end - start;
    if ((this.#ends[number] as number) - from !== length) return false;
    const texts = this.#texts.memory;
    for (let index = 0; index < length; index += 1)
      if (texts[from + index] !== source[start + index]) return false;
    return true;
  }

  #add(source: Uint8Array, start: number, end: number, hash: number, place: number): number {
    const number = this.#size;
    if (number === this.#starts.length) {
      this.#grow();
      return this.#find(source, start, end);
    }
    this.#texts.varint(end - start);
    this.#starts[number] = this.#texts.length;
    this.#texts.range(source, start, end);
    this.#ends[number] = this.#texts.length;
    this.#hashes[number] = hash;
    this.#followers[number] = 0;
    this.#places[place] = number;
    this.#size += 1;
    return number;
  }

  #grow(): void {
    const { length } = this.#starts;
    const before = [this.#starts, this.#ends, this.#followers, this.#hashes] as const;
    this.#resize(length * 2);
    const after = [this.#starts, this.#ends, this.#followers, this.#hashes] as const;
    for (const [index, array] of after.entries()) array.set(before[index] ?? []);
    for (let number = 1; number < length; number += 1) this.#place(number);
  }

  #place(number: number): void {
    const mask = this.#places.length - 1;
    let place = (this.#hashes[number] as number) & mask;
    while (this.#places[place] !== 0) place = (place + 1) & mask;
    this.#places[place] = number;
  }

  #resize(size: number): void {
    this.#starts = new Uint32Array(size);
    this.#ends = new Uint32Array(size);
    this.#followers = new Uint32Array(size);
    this.#hashes = new Int32Array(size);
    this.#places = new Uint32Array(size * 2);
    this.#size = Math.min(this.#size, size);
  }
}

/** Four bytes at a time, each multiplied in twice (constants of MurmurHash3). */
function hashOf(bytes: Uint8Array, start: number, end: number): number {
  let hash = seed ^ (end - start);
  let at = start;
  for (; at + 4 <= end; at += 4) hash = mixed(hash, wordAt(bytes, at));
  let rest = 0;
  for (; at < end; at += 1) rest = (rest << 8) | (bytes[at] as number);
  hash = mixed(hash, rest);
  return hash ^ (hash >>> 16);
}

function mixed(hash: number, word: number): number {
  const spread = Math.imul(word, 0xcc9e2d51);
  const joined = hash ^ Math.imul((spread << 15) | (spread >>> 17), 0x1b873593);
  return (Math.imul((joined << 13) | (joined >>> 19), 5) + 0xe6546b64) | 0;
}
