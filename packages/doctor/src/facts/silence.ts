import type { Arrival, Stack } from '../evidence/model.ts';

/** Silence shorter than this is never told: a batch may wait so long in an SDK. */
const shortestSilenceMs = 15_000;
/** So many of its usual gaps must a service miss. */
const missedGaps = 5;
/** The rhythm of a service of which one request was seen is not known; most SDKs send metrics every minute. */
const unknownGapMs = 60_000;

/** A service that has fallen silent, and when it was last heard of. */
export interface Silence {
  readonly service: string;
  readonly lastUnixMillis: number;
}

/**
 * The services of which nothing comes any more, in any signal, each measured by its own rhythm: one that sends metrics every
 * minute is not silent after fifty seconds.
 */
export function silentServices({ arrivals, nowUnixMillis }: Stack): readonly Silence[] {
  const byService = Map.groupBy(arrivals, ({ service }) => service);
  return [...byService]
    .map(([service, own]) => ({
      service,
      lastUnixMillis: Math.max(...own.map(({ lastUnixMillis }) => lastUnixMillis)),
      patienceMs: patienceFor(own),
    }))
    .filter(({ lastUnixMillis, patienceMs }) => nowUnixMillis - lastUnixMillis > patienceMs);
}

function patienceFor(arrivals: readonly Arrival[]): number {
  const gaps = arrivals.map(({ usualGapMillis }) => usualGapMillis).filter((gap) => gap !== undefined);
  const shortest = gaps.length === 0 ? unknownGapMs : Math.min(...gaps);
  return Math.max(shortestSilenceMs, missedGaps * shortest);
}
