import { setTimeout as delay } from 'node:timers/promises';
import { messageOf } from '../user-error.ts';

/** One look: the thing itself, or what was there instead, in words. */
export type Look<Value> = { readonly value: Value } | { readonly instead: string };

/** What polling ended with. */
export type Polled<Value> =
  | { readonly there: true; readonly value: Value; readonly afterMs: number }
  | { readonly there: false; readonly lastSeen: string };

/** Close together at first, then gentle. Not closer: three signals are asked for, and the queries share the cores with the
 * loading that is waited for. */
const eagerMs = 100;
const gentleMs = 250;
const eagerForMs = 3_000;

/**
 * Looks again and again until the thing is there or the time is over. A look that throws counts as one that saw the
 * error.
 *
 * @param sentAt `performance.now()` of the beginning; both the deadline and `afterMs` count from there
 */
export async function poll<Value>(
  sentAt: number,
  deadlineMs: number,
  look: () => Promise<Look<Value>>,
): Promise<Polled<Value>> {
  for (;;) {
    const seen = await look().catch((thrown: unknown): Look<Value> => ({ instead: messageOf(thrown) }));
    const afterMs = performance.now() - sentAt;
    if ('value' in seen) return { there: true, value: seen.value, afterMs };
    if (afterMs > deadlineMs) return { there: false, lastSeen: seen.instead };
    await delay(afterMs < eagerForMs ? eagerMs : gentleMs);
  }
}
