import type { NanoRange } from '@maru/query-core';
import type { Reader, ReadOptions } from '@maru/store';

/** What evaluating needs besides the tree. */
export interface EvaluateContext {
  readonly reader: Reader;
  /** The query's text, for the positions of errors. */
  readonly text: string;
  readonly options: ReadOptions;
}

/** The times a metric query is evaluated at: the start, and each step after it up to the end. */
export interface Steps {
  readonly startUnixNano: bigint;
  readonly stepNanos: bigint;
  readonly count: number;
}

/** The steps of a range query; both ends count. */
export function stepsOf(startUnixNano: bigint, endUnixNano: bigint, stepNanos: bigint): Steps {
  return { startUnixNano, stepNanos, count: Number((endUnixNano - startUnixNano) / stepNanos) + 1 };
}

/** The one step of an instant query. */
export function instant(unixNano: bigint): Steps {
  return { startUnixNano: unixNano, stepNanos: 1n, count: 1 };
}

/** When a step is. */
export function stepUnixNano(steps: Steps, index: number): bigint {
  return steps.startUnixNano + BigInt(index) * steps.stepNanos;
}

/** Lines in order of time. */
export type Direction = 'forward' | 'backward';

export interface LineLimits {
  readonly direction: Direction;
  /** Lines at most, of all streams together. */
  readonly limit: number;
  /** Of lines of one stream that are closer together than this, only the first is kept; 0 keeps all. */
  readonly intervalNanos: bigint;
  readonly range: NanoRange;
}
