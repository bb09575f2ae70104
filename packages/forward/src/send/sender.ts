import type { Part } from '../part.ts';
import type { SendOutcome } from './outcome.ts';

/** Sends export requests of one signal to one place, several at a time. */
export interface Sender {
  /**
   * Makes one request of the parts, once, however often it has to be sent. Rejects when a part holds a text of ours that cannot be
   * read back.
   */
  readonly prepare: (parts: readonly Part[]) => Promise<Send>;
  readonly close: () => void;
}

/** Sends what was prepared. Never rejects: what the network does is an outcome too. */
export type Send = (signal: AbortSignal) => Promise<SendOutcome>;
