import type { Position } from './position.ts';

/** What went wrong, in Prometheus's own words for it; each API maps a kind to its status. */
export type QueryErrorKind = 'bad_data' | 'execution' | 'canceled' | 'timeout' | 'unavailable' | 'internal';

/**
 * A query that cannot be answered. `message` is one sentence for the user and already holds the position where there
 * is one, as each language words it.
 */
export class QueryError extends Error {
  override readonly name = 'QueryError';
  readonly kind: QueryErrorKind;
  /** Where in the query's text, 1-based; absent when no single place is to blame. */
  readonly position: Position | undefined;

  constructor(kind: QueryErrorKind, message: string, position?: Position, options?: ErrorOptions) {
    super(message, options);
    this.kind = kind;
    this.position = position;
  }
}
