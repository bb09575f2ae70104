/** A small seeded generator (mulberry32): the same seed gives the same numbers everywhere. Returns [0, 1). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** A whole number in [0, limit). */
export function below(random: () => number, limit: number): number {
  return Math.floor(random() * limit);
}

/** One element of a list that is not empty. */
export function pick<T>(random: () => number, list: readonly T[]): T {
  return list[below(random, list.length)] as T;
}

/** `length` bytes, never all zero: fit for ids. */
export function randomBytes(random: () => number, length: number): Uint8Array {
  const bytes = Uint8Array.from({ length }, () => below(random, 256));
  bytes[length - 1] = 1 + below(random, 255);
  return bytes;
}
