import { setTimeout as later } from 'node:timers/promises';

/** Asks every quarter of a second until it is so. Rejects after `seconds`, saying what was waited for. */
export async function until(
  what: string,
  isSo: () => boolean | Promise<boolean>,
  seconds = 60,
): Promise<void> {
  const deadline = performance.now() + seconds * 1_000;
  while (!(await isSo())) {
    if (performance.now() > deadline) throw new Error(`waited ${seconds} s in vain for ${what}`);
    await later(250);
  }
}
