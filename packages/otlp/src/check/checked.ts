import type { CheckReason } from './reasons.ts';

/** Bounds of one check. */
export interface CheckLimits {
  /** How deeply arrays and key-value lists may nest within one AnyValue. */
  readonly maxDepth: number;
  /** Characters of JSON text that nested values of one request may become together. */
  readonly maxJsonLength: number;
  /** Points that are not to be kept whatever they hold, by where their keys stand (see `refusedPoints`). */
  readonly refusedPoints?: ReadonlySet<number>;
}

export const defaultCheckLimits: CheckLimits = { maxDepth: 32, maxJsonLength: 16 * 1024 * 1024 };

/** Kept data points by type, and their exemplars; all zero for traces and logs. */
export interface PointKinds {
  readonly number: number;
  readonly histogram: number;
  readonly exponentialHistogram: number;
  readonly summary: number;
  readonly exemplars: number;
  /** Prometheus's own, that OTLP has no message for. */
  readonly nativeHistogram: number;
}

export const noKinds: PointKinds = {
  number: 0,
  histogram: 0,
  exponentialHistogram: 0,
  summary: 0,
  exemplars: 0,
  nativeHistogram: 0,
};

/** Where the walk counts each kind. */
export const kindIndex = {
  number: 0,
  histogram: 1,
  exponentialHistogram: 2,
  summary: 3,
  exemplars: 4,
  nativeHistogram: 5,
} as const;

/** What a request holds, in numbers. The journal keeps it beside the request, so that nobody parses it again. */
export interface Account {
  /** Spans, data points or log records. */
  readonly items: number;
  /** Items by `service.name`; `unknown_service` where a resource has none. */
  readonly services: ReadonlyMap<string, number>;
  readonly kinds: PointKinds;
  /**
   * Arrays and key-value lists that stand as JSON text in `bytes` (AnyValue's field 15), those of items that were cut out
   * counted too. Where there are none, the bytes are what any OTLP receiver reads.
   */
  readonly nestedValues: number;
}

/** Items cut out for one reason, with the place and a sentence about the first of them. */
export interface Rejection {
  readonly reason: CheckReason;
  readonly count: number;
  /** Path of the first offending field, such as `resource_spans[0].scope_spans[0].spans[7].trace_id`. */
  readonly field: string;
  readonly detail: string;
}

/** What the check made of a request. */
export interface Checked extends Account {
  /** What goes to the journal: the buffer that came in, or a rewritten copy where something had to change. */
  readonly bytes: Uint8Array;
  /** Items cut out of `bytes`. */
  readonly rejected: number;
  readonly rejections: readonly Rejection[];
  /** Rejected items by `service.name`. */
  readonly rejectedServices: ReadonlyMap<string, number>;
  /** Set when the whole request is refused; then nothing of it is kept and `items` is 0. */
  readonly malformed?: MalformedRequest;
}

export interface MalformedRequest {
  /** Bytes from the start of the request. */
  readonly offset: number;
  /** Path of the field that holds the offset. */
  readonly field: string;
  /** One sentence. */
  readonly what: string;
}
