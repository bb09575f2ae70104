import type { NativeColumn } from '../encode.ts';

/**
 * A column of one block that is written row by row, into memory that is used again for the next block. What `prefix` and
 * `data` give are views of that memory: they hold until the next row, or `clear`.
 */
export interface ColumnWriter {
  /** The engine's name of its type. */
  readonly type: string;
  /** Rows so far. */
  readonly count: number;
  /** What stands before the rows of the whole column: the versions of the dictionaries in it, outermost first. */
  prefix(): readonly Uint8Array[];
  /** The rows, as the `Native` format has them. */
  data(): readonly Uint8Array[];
  /** Forgets the rows and keeps the memory. */
  clear(): void;
  /** Forgets the rows and lets large memory go. */
  rest(): void;
}

/** A column of which rows may be left out: whoever adds one says first which it is. */
export interface PaddedColumn extends ColumnWriter {
  /** Makes the rows before `row` that were left out: empty. Throws a `RangeError` when that one is there already. */
  pad(row: number): void;
}

/** How many rows are missing before `row` in a column of `count`. */
export function missingRows(count: number, row: number): number {
  if (count > row) throw new RangeError(`row ${row} of a column is there already`);
  return row - count;
}

/** The column as a block takes it. */
export function nativeColumn(name: string, column: ColumnWriter): NativeColumn {
  return { name, type: column.type, pieces: [...column.prefix(), ...column.data()] };
}

/** What a writer keeps while nothing is written, in bytes: a trickle's blocks fit. */
export const keptBytes: number = 16 * 1024;
