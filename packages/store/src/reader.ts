import type { Allocate } from './native/arena.ts';
import type { Sql } from './sql.ts';

/** Reads of what statements name, within limits. */
export interface BlockReader {
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

/** The store as queries see it: reads, within limits, nothing else. */
export interface Reader extends BlockReader {
  /** Reads samples of numbers, wherever they lie. What was read is held until the slice is let go. */
  numbers(query: NumberQuery, options?: NumberReadOptions): Promise<NumberSlice>;
  /** No packed sample of numbers is later, in milliseconds; what is packed takes a tenth of the memory to read. */
  numbersPackedUntil(): Promise<number>;
}

/** What results are kept of. */
export type KeptKind = 'series' | 'chunks';

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
  /**
   * For `columns`: the statement reads `metric_series` alone, or `number_chunks` alone, so a result that was kept since that
   * table last changed will do.
   */
  readonly of?: KeptKind;
  /** Where `eachBlock` and `columns` put numbers; memory of their own by default. */
  readonly allocate?: Allocate;
}

/** Which samples of numbers are read. */
export interface NumberQuery {
  /** A condition on `metric_name` and `series_id`, by which the tables are ordered. */
  readonly selection: Sql;
  /** Milliseconds; samples are later than `afterMs`, up to and with `untilMs`. */
  readonly afterMs: number;
  readonly untilMs: number;
  /** Whether the samples' start times are wanted. */
  readonly withStarts: boolean;
}

/** Limits of one read of numbers, and who counts what it holds. */
export interface NumberReadOptions extends ReadOptions {
  /** Whether much may come: it is then read in pieces, so that who counts what is held can end the read in time. */
  readonly isLarge?: boolean;
  /** Told of samples as they come; what it throws ends the read. */
  readonly held?: (samples: number) => void;
}

/** The numbers of one stored series, in order of time but for samples that came late. */
export interface NumberSamples {
  readonly seriesId: bigint;
  /** Milliseconds since 1970. */
  readonly times: Float64Array;
  readonly values: Float64Array;
  /** Empty when no sample has a flag. */
  readonly flags: Uint8Array;
  /** When each sample's counter began, 0 where it is not known; absent unless asked for. */
  readonly starts: Float64Array | undefined;
  /** Whether it is known that times are in order, none twice. */
  readonly isAscending: boolean;
  readonly shape: SampleShape;
}

/** What packed samples tell of a series without a look at each of them. */
export interface SampleShape {
  /** How far all samples lie apart, in milliseconds, where that is known. */
  readonly distanceMs: number | undefined;
  /** Whether it is known that no value is less than the one before it. */
  readonly neverFalls: boolean;
}

/** What was read of some series. */
export interface NumberSlice {
  /** The series, some at a time; their arrays are valid until the next ones are asked for. */
  batches(): Iterable<readonly NumberSamples[]>;
}

/** A result by column. */
export interface Columns {
  readonly rowCount: number;
  /**
   * What a function makes of the result, made once however often it is asked for: a result that is kept keeps that with it.
   * The function must be the same one each time, and give what nobody changes.
   */
  made<Value>(make: (columns: Columns) => Value): Value;
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
