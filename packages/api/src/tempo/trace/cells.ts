import type { Column, Columns } from '@maru/store';

/** Reads one cell of a column by its row. */
export type Cell<Value> = (row: number) => Value;

/** Readers of a result's columns by kind: each checks the kind once, then reads cells without further checks. */
export interface Cells {
  text(name: string): Cell<string>;
  small(name: string): Cell<number>;
  int64(name: string): Cell<bigint>;
  bytes(name: string): Cell<Uint8Array>;
  map<Value>(
    name: string,
    item: (column: Column) => Cell<Value>,
  ): Cell<readonly (readonly [string, Value])[]>;
  list<Value>(name: string, item: (column: Column) => Cell<Value>): Cell<readonly Value[]>;
}

export function cellsOf(columns: Columns): Cells {
  return {
    text: (name) => text(columns.column(name)),
    small: (name) => small(columns.column(name)),
    int64: (name) => int64(columns.column(name)),
    bytes: (name) => bytes(columns.column(name)),
    map: (name, item) => map(columns.column(name), item),
    list: (name, item) => list(columns.column(name), item),
  };
}

export function text(column: Column): Cell<string> {
  if (column.kind !== 'string') throw unexpected(column, 'string');
  return (row) => column.values[row] ?? '';
}

export function small(column: Column): Cell<number> {
  if (column.kind !== 'small' && column.kind !== 'float') throw unexpected(column, 'small');
  return (row) => column.values[row] ?? 0;
}

export function int64(column: Column): Cell<bigint> {
  if (column.kind !== 'int' && column.kind !== 'uint') throw unexpected(column, 'int');
  return (row) => column.values[row] ?? 0n;
}

export function bytes(column: Column): Cell<Uint8Array> {
  if (column.kind !== 'bytes') throw unexpected(column, 'bytes');
  const { width, values } = column;
  return (row) => values.subarray(row * width, (row + 1) * width);
}

function list<Value>(column: Column, item: (column: Column) => Cell<Value>): Cell<readonly Value[]> {
  if (column.kind !== 'array') throw unexpected(column, 'array');
  const read = item(column.items);
  return (row) => rowsOf(column.offsets, row, read);
}

export function map<Value>(
  column: Column,
  item: (column: Column) => Cell<Value>,
): Cell<readonly (readonly [string, Value])[]> {
  if (column.kind !== 'map') throw unexpected(column, 'map');
  const key = text(column.keys);
  const value = item(column.items);
  return (row) => rowsOf(column.offsets, row, (index) => [key(index), value(index)] as const);
}

function rowsOf<Value>(offsets: BigUint64Array, row: number, read: Cell<Value>): Value[] {
  const values: Value[] = [];
  const end = Number(offsets[row] ?? 0n);
  for (let index = row === 0 ? 0 : Number(offsets[row - 1] ?? 0n); index < end; index += 1)
    values.push(read(index));
  return values;
}

function unexpected(column: Column, wanted: string): Error {
  return new Error(
    `a column of kind ${column.kind} came where ${wanted} was expected: schema and query disagree`,
  );
}
