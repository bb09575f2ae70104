import type { Settled } from '@maru/ledger';

/** A place in a signal's journal. */
export interface Position {
  readonly segment: number;
  readonly offset: number;
}

/** A request as it was journaled. */
export interface SourceRequest {
  readonly request: Uint8Array;
  readonly account: {
    readonly items: number;
    /** Values that stand as JSON text, which standard receivers do not know. */
    readonly nestedValues: number;
    readonly kinds: { readonly nativeHistogram: number };
  };
  readonly receivedTimeUnixNano: bigint;
  readonly start: Position;
}

export interface SourceRead {
  readonly requests: readonly SourceRequest[];
  /** Items that damage on the disk destroyed. */
  readonly lostItems: number;
  readonly end: Position;
}

/** What one signal of a destination is fed from; the wiring gives the journal and the ledger. */
export interface Source {
  /** The next requests, about `maxBytes` of them and at least one; undefined when there is nothing new. */
  readonly read: (maxBytes: number) => Promise<SourceRead | undefined>;
  /** Everything before `to` has come to an end. */
  readonly settled: (to: Position, settled: Settled) => void;
  readonly skipTo: (to: Position) => void;
  readonly close: () => Promise<void>;
}
