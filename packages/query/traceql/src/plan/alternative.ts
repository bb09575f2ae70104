import type { Sql } from '@maru/store';

/**
 * One type that an operand may have, and how its value is read. An attribute has several, since only the data knows
 * its type; two operands meet where their types do.
 */
export interface Alternative {
  readonly type: 'string' | 'int' | 'float' | 'bool' | 'status' | 'kind';
  readonly value: Sql;
  /** True in the rows that have it; undefined when all have. */
  readonly present?: Sql;
  /** What `value` and `present` are read from; a constant is read from nothing. */
  readonly table: 'spans' | 'resources' | 'roots' | 'traces' | 'constant';
  /** `value` and `present` are of the variable `item`, which runs over these. */
  readonly over?: {
    readonly items: Sql;
    /** `!=` of an array holds when every element differs, of a span's events when some event does. */
    readonly negation: 'some' | 'every';
  };
  /** True in the rows whose `over.items` can be read. */
  readonly arrayGuard?: Sql;
  /** A further condition on the row of spans, for what is read from another table. */
  readonly guard?: Sql;
}
