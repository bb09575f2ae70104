import { samplesInOrder } from './samples-in-order.ts';
import type { TimedSample, Window } from './window.ts';

/**
 * The samples of an `anchored` or `smoothed` window: the last one at or before its start, those inside, and (smoothed)
 * the first one after its end, each not further away than the look-back time.
 */
export function extendedSamples(window: Window): readonly TimedSample[] {
  const inside = samplesInOrder(window);
  const before = window.sampleBefore();
  const after = window.mode === 'smoothed' ? window.sampleAfter() : undefined;
  return [...(before === undefined ? [] : [before]), ...inside, ...(after === undefined ? [] : [after])];
}
