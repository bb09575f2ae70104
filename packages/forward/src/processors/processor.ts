import type { Telemetry } from '../model/telemetry.ts';
import type { Part } from '../part.ts';
import type { Progress } from '../progress.ts';

/** A step between the journal and a destination. */
export type Processor = ChangingProcessor | HoldingProcessor;

/** Looks at each request for itself. */
export interface ChangingProcessor {
  readonly kind: 'changing';
  /** Gives the same value when nothing changes, so that the request is not written again. */
  readonly process: (telemetry: Telemetry) => Telemetry;
}

/** Keeps items back until it knows what to do with them. */
export interface HoldingProcessor {
  readonly kind: 'holding';
  /** Takes parts; gives those that go on at once. What it leaves out it settles as filtered. */
  readonly take: (parts: readonly Part[], progress: Progress, nowMs: number) => readonly Part[];
  readonly due: (progress: Progress, nowMs: number) => readonly Part[];
  readonly nextDueInMs: (nowMs: number) => number;
}
