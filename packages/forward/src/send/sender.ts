import type { SendOutcome } from './outcome.ts';

/** Sends export requests of one signal to one place, several at a time. */
export interface Sender {
  /** Never rejects: what the network does is an outcome too. The buffers together are one request. */
  readonly send: (buffers: readonly Uint8Array[], signal: AbortSignal) => Promise<SendOutcome>;
  readonly close: () => void;
}
