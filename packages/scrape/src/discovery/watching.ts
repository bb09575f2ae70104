import { setTimeout as delay } from 'node:timers/promises';
import type { TargetGroup } from '../config/job.ts';
import type { LabelMap } from '../scrape/target.ts';

/** What watching for targets needs. */
export interface WatchOptions {
  /** Told of everything that was found, each time that it may have changed. */
  readonly found: (targets: readonly LabelMap[]) => void;
  /** Told in one sentence when looking failed; what was found before stays. */
  readonly say: (sentence: string) => void;
  readonly signal: AbortSignal;
}

/** Looks at once and then again and again, until the signal is aborted. `look` says what went wrong by rejecting. */
export async function lookEvery(
  intervalMs: number,
  look: () => Promise<void>,
  { say, signal }: WatchOptions,
): Promise<void> {
  let told = '';
  while (!signal.aborted) {
    const problem = await look().then(
      () => '',
      (error: unknown) => (error instanceof Error ? error.message : String(error)),
    );
    if (problem !== '' && problem !== told && !signal.aborted) say(problem);
    told = problem;
    await delay(intervalMs, undefined, { signal }).catch(() => undefined);
  }
}

/** The targets of a group, each with the group's labels. */
export function addressesOf({ targets, labels }: TargetGroup): readonly LabelMap[] {
  return targets.map((address) => new Map([...labels, ['__address__', address]]));
}
