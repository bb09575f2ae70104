import type { Signal } from '@maru/otlp';

/**
 * Decides whether a request may come in, by its `Authorization` header and before its body is read. Rejects with a
 * `Refusal` when it may not.
 */
export type Authorize = (authorization: string | undefined, signal: Signal) => Promise<void>;
