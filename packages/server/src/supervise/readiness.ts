import { setTimeout as delay } from 'node:timers/promises';
import type { ChildSpec } from './child-spec.ts';
import type { Ending, RunningProcess } from './running-process.ts';

const pollMs = 50;
const defaultReadyWithinMs = 30_000;

/** What came of waiting: `ready`, or why not, as the end of a sentence about the child. */
export type Outcome = { readonly ready: true } | { readonly ready: false; readonly why: Ending };

/** Waits until the run is ready, has ended, or the spec's time is over. */
export async function waitUntilReady(spec: ChildSpec, run: RunningProcess): Promise<Outcome> {
  const within = spec.readyWithinMs ?? defaultReadyWithinMs;
  const giveUp = new AbortController();
  try {
    return await Promise.race([
      becomesReady(spec, run, giveUp.signal),
      run.ended.then((why): Outcome => ({ ready: false, why })),
      delay(within, undefined, { signal: giveUp.signal, ref: false }).then(
        (): Outcome => ({ ready: false, why: `was not ready within ${within / 1000} s` }),
      ),
    ]);
  } finally {
    giveUp.abort();
  }
}

async function becomesReady(spec: ChildSpec, run: RunningProcess, signal: AbortSignal): Promise<Outcome> {
  const { readiness } = spec;
  if (readiness.kind === 'ipc') await run.saysReady();
  if (readiness.kind === 'probe') {
    while (!signal.aborted && !(await readiness.isReady(signal))) await pause(signal);
  }
  return { ready: true };
}

/** Sleeps between two probes; returns early, and does not throw, when nobody waits any more. */
async function pause(signal: AbortSignal): Promise<void> {
  await delay(pollMs, undefined, { signal }).catch(() => {});
}
