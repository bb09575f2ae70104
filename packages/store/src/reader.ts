import type { Allocate } from './native/arena.ts';
import type { Sql } from './sql.ts';

/** The store as queries see it: reads, within limits, nothing else. */
export interface Reader {
  /**
   * Runs one SELECT and gives its rows as objects, 64-bit integers as strings (JSON cannot hold them).
   * For results of up to some ten thousand rows; larger ones take `columns`.
   */
  rows<Row extends object>(query: Sql, options?: ReadOptions): Promise<readonly Row[]>;
  /** Runs one SELECT and gives each column as typed arrays, without an object per row. */
  columns(query: Sql, options?: ReadOptions): Promise<Columns>;
  /**
   * Runs one SELECT and hands each block of its result to `use` as it comes, for results too large to be held twice. A
   * block's arrays are its own.
   */
  eachBlock(query: Sql, use: (block: Columns) => void, options?: ReadOptions): Promise<void>;
}

/** Limits of one read; each has a default (see `defaultReadLimits`). */
export interface ReadOptions {
  /** Aborting it ends the query in the engine, not only the wait. */
  readonly signal?: AbortSignal;
  /** `lookup` never waits behind long scans; it is for reads that are bounded by an index. */
  readonly lane?: 'lookup' | 'scan';
  readonly maxSeconds?: number;
  readonly maxMemoryBytes?: number;
  readonly maxRowsToRead?: number;
  /** More result rows than this fail with `too_many_rows`. */
  readonly maxResultRows?: number;
  /** For `columns`: the statement reads `metric_series` alone, so a result that was kept since it last changed will do. */
  readonly ofSeries?: boolean;
  /** Where `eachBlock` puts numbers; memory of their own by default. */
  readonly allocate?: Allocate;
}

/** A result by column. */
export interface Columns {
  readonly rowCount: number;
  /** The column of that name. Throws when the query has none. */
  column(name: string): Column;
}

/** One column; the kind says which of the engine's types it came from. */
export type Column =
  | { readonly kind: 'float'; readonly values: Float64Array }
  | { readonly kind: 'int'; readonly values: BigInt64Array }
  | { readonly kind: 'uint'; readonly values: BigUint64Array }
  /** 8- to 32-bit integers, booleans and enum numbers. */
  | {
      readonly kind: 'small';
      readonly values: Int32Array | Uint32Array | Int16Array | Uint16Array | Int8Array | Uint8Array;
    }
  | { readonly kind: 'string'; readonly values: readonly string[] }
  /** FixedString(width): `width` bytes a row, back to back. */
  | { readonly kind: 'bytes'; readonly width: number; readonly values: Uint8Array }
  /** Row i holds `items` from `offsets[i - 1]` (0 for the first) up to `offsets[i]`. */
  | { readonly kind: 'array'; readonly offsets: BigUint64Array; readonly items: Column }
  | { readonly kind: 'map'; readonly offsets: BigUint64Array; readonly keys: Column; readonly items: Column }
  | { readonly kind: 'nullable'; readonly isNull: Uint8Array; readonly items: Column };

/** Why a read failed, for the table that maps it to each API's own error. */
export type ReadErrorKind = 'cancelled' | 'timeout' | 'memory' | 'too_many_rows' | 'unavailable' | 'failed';

export class ReadError extends Error {
  override readonly name = 'ReadError';
  readonly kind: ReadErrorKind;
  constructor(kind: ReadErrorKind, message: string, options?: ErrorOptions) {
    super(message, options);
    this.kind = kind;
  }
}
