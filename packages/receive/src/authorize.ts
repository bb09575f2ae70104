import type { IncomingHttpHeaders } from 'node:http';
import type { Signal } from '@maru/otlp';

/** Whoever sends, as far as what was shown tells. */
export interface Sender {
  /** Whose data it is; empty where there are no tenants. */
  readonly tenant: string;
  /** Told of what came, taken or not, so that a sender with a limit is held to it. */
  readonly spent: (items: number, bytes: number) => void;
}

/** Where a request comes from. */
export interface Origin {
  readonly sender: Sender;
  /** The class of the client's address, for requests whose service is not known. */
  readonly source: string;
}

/**
 * Decides whether a request may come in, by its headers and before its body is read. Rejects with a `Refusal` when it may
 * not.
 */
export type Authorize = (headers: IncomingHttpHeaders, signal: Signal) => Promise<Sender>;

/** Whoever sends where nobody is asked. */
export const anyone: Sender = { tenant: '', spent: () => undefined };
