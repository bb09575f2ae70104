import type { Token } from './progress.ts';
import type { Position } from './source.ts';

/** An export request on its way to a destination, or a piece of one. Several sent as one are one request: their fields repeat. */
export interface Part {
  readonly bytes: Uint8Array;
  readonly items: number;
  /** Whether it holds what only Maru knows, so that it is rewritten as standard OTLP before it is sent. */
  readonly isOwn: boolean;
  readonly receivedTimeUnixNano: bigint;
  /** Where the request stood in the journal; a dead letter is named after it. */
  readonly start: Position;
  /** Which piece of that request it is; 0 for the whole. */
  readonly piece: number;
  readonly token: Token;
}

/** Parts that are sent together. */
export interface Batch {
  readonly parts: readonly Part[];
  readonly bytes: number;
  readonly items: number;
}

export function batchOf(parts: readonly Part[]): Batch {
  return {
    parts,
    bytes: parts.reduce((sum, { bytes }) => sum + bytes.length, 0),
    items: parts.reduce((sum, { items }) => sum + items, 0),
  };
}
