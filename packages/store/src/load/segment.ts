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
  /** A number for each resource, the same for the same content. When left out the resources are always written. */
  readonly resources?: readonly number[];
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
