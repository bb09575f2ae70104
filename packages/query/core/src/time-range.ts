import { type Sql, sql } from '@maru/store';

/** A span of time in nanoseconds since 1970: the start is inside, the end is not. */
export interface NanoRange {
  readonly startUnixNano: bigint;
  readonly endUnixNano: bigint;
}

export const nanosPerSecond = 1_000_000_000n;

/** What 64 bits of nanoseconds and the engine's calendar both hold: to the year 2262. */
const maxUnixNano = 9_223_372_036_000_000_000n;

/** A nanosecond time as the engine's DateTime64(9); times outside its calendar become its ends. */
export function sqlTime(unixNano: bigint): Sql {
  const clamped = unixNano < 0n ? 0n : unixNano > maxUnixNano ? maxUnixNano : unixNano;
  return sql`fromUnixTimestamp64Nano(toInt64(${clamped}), 'UTC')`;
}

/** The range, longer by `nanos` at both ends. */
export function widened(range: NanoRange, nanos: bigint): NanoRange {
  return { startUnixNano: range.startUnixNano - nanos, endUnixNano: range.endUnixNano + nanos };
}

/** The first part of a range that is searched; each further part is four times as long. */
const firstPartNanos = 60_000_000_000n;

/**
 * The range in parts that grow, the newest first: a search for the newest few ends after a short scan where much
 * matches, and costs a third more than one scan of the whole where little does.
 */
export function* partsFromEnd({ startUnixNano, endUnixNano }: NanoRange): Generator<NanoRange> {
  let end = endUnixNano;
  for (let length = firstPartNanos; end > startUnixNano; length *= 4n) {
    const start = end - length < startUnixNano ? startUnixNano : end - length;
    yield { startUnixNano: start, endUnixNano: end };
    end = start;
  }
}

/** The same, the oldest first. */
export function* partsFromStart({ startUnixNano, endUnixNano }: NanoRange): Generator<NanoRange> {
  let start = startUnixNano;
  for (let length = firstPartNanos; start < endUnixNano; length *= 4n) {
    const end = start + length > endUnixNano ? endUnixNano : start + length;
    yield { startUnixNano: start, endUnixNano: end };
    start = end;
  }
}
