import { setTimeout as delay } from 'node:timers/promises';
import type { RetrySettings } from '../settings.ts';

/**
 * Milliseconds to wait before the next attempt: what the destination asked for, else twice as long each time, shortened by up
 * to a half at random so that several senders do not come back together.
 *
 * @param failures attempts that failed in a row, at least 1
 */
export function pauseMs(
  { firstMs, longestMs }: RetrySettings,
  failures: number,
  wishedMs: number | undefined,
  random: () => number = Math.random,
): number {
  if (wishedMs !== undefined) return wishedMs * (1 + random() * 0.1);
  const whole = Math.min(longestMs, firstMs * 2 ** Math.min(30, failures - 1));
  return whole * (0.5 + random() / 2);
}

/** Waits, or until the signal is aborted. */
export async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  await delay(milliseconds, undefined, { signal }).catch(() => undefined);
}
