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

/** The column as a block takes it. */
export function nativeColumn(name: string, column: ColumnWriter): NativeColumn {
  return { name, type: column.type, pieces: [...column.prefix(), ...column.data()] };
}

/** What a writer keeps while nothing is written, in bytes: a trickle's blocks fit. */
export const keptBytes: number = 16 * 1024;
