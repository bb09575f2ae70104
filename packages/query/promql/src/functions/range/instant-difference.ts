import type { Window } from '../../evaluate/window.ts';

/** The last two samples of a window. */
export interface LastTwo {
  readonly previous: number;
  readonly last: number;
  readonly seconds: number;
}

/** The last two samples, or `undefined` when there are fewer. */
export function lastTwo(window: Window): LastTwo | undefined {
  if (window.count < 2) return undefined;
  return {
    previous: window.valueAt(window.to - 2),
    last: window.lastValue,
    seconds: (window.timeAt(window.to - 1) - window.timeAt(window.to - 2)) / 1000,
  };
}
