import type { Signal } from '@maru/otlp';

/** A sealed segment as the loader takes it: length-delimited export requests, checked. */
export interface Segment {
  readonly signal: Signal;
  /** Absolute path. */
  readonly path: string;
  /** The same for the same content and never for another: what a repeated load is recognised by. */
  readonly token: string;
  /** Which kinds of points a metrics segment holds, so that no statement runs for nothing. */
  readonly kinds: SegmentKinds;
  /** What the file holds, when it is in memory already: it is read here then, and the engine is given columns. */
  readonly content?: SegmentContent;
}

/** The bytes of a segment. */
export interface SegmentContent {
  readonly bytes: Uint8Array;
  /** Those to be loaded, in their order. */
  readonly requests: readonly SegmentRequest[];
}

/** A checked export request as it lies in a segment's bytes. */
export interface SegmentRequest {
  /** Its first byte, and the one behind its last. */
  readonly start: number;
  readonly end: number;
  readonly receivedTimeUnixNano: bigint;
}

/** Points by kind and exemplars in a metrics segment. */
export interface SegmentKinds {
  readonly number: number;
  readonly histogram: number;
  readonly exponentialHistogram: number;
  readonly summary: number;
  readonly exemplars: number;
  readonly nativeHistogram: number;
}
