import type { Column, Columns } from '@maru/store';

/** The floats of a column. Throws when it is of another kind, which only a wrong query can cause. */
export function floats(column: Column): Float64Array {
  if (column.kind !== 'float') throw new TypeError(`expected a column of floats, got ${column.kind}`);
  return column.values;
}

export function strings(columns: Columns, name: string): readonly string[] {
  const column = columns.column(name);
  if (column.kind !== 'string')
    throw new TypeError(`expected column ${name} to hold text, got ${column.kind}`);
  return column.values;
}

/** Small whole numbers: enums, flags, booleans. */
export function smallNumbers(columns: Columns, name: string): ArrayLike<number> {
  const column = columns.column(name);
  if (column.kind !== 'small')
    throw new TypeError(`expected column ${name} to hold small numbers, got ${column.kind}`);
  return column.values;
}

/** Series ids. */
export function ids(columns: Columns, name: string): BigUint64Array {
  const column = columns.column(name);
  if (column.kind !== 'uint') throw new TypeError(`expected column ${name} to hold ids, got ${column.kind}`);
  return column.values;
}

/** An array column: the items of row i are those from `starts(i)` to `starts(i + 1)`. */
export interface Lists {
  readonly items: Column;
  start(row: number): number;
}

export function lists(column: Column): Lists {
  if (column.kind !== 'array') throw new TypeError(`expected a column of arrays, got ${column.kind}`);
  const { offsets, items } = column;
  return { items, start: (row) => (row === 0 ? 0 : Number(offsets[row - 1] ?? 0n)) };
}

/** The floats of each row of an array column, as views without a copy. */
export function floatLists(column: Column): (row: number) => Float64Array {
  const { items, start } = lists(column);
  const values = floats(items);
  return (row) => values.subarray(start(row), start(row + 1));
}

/** The small numbers of each row of an array column, as views without a copy. */
export function byteLists(column: Column): (row: number) => Uint8Array {
  const { items, start } = lists(column);
  if (items.kind !== 'small' || !(items.values instanceof Uint8Array)) {
    throw new TypeError(`expected arrays of bytes, got arrays of ${items.kind}`);
  }
  const values = items.values;
  return (row) => values.subarray(start(row), start(row + 1));
}

/** The text pairs of each row of a map column. */
export function textMaps(column: Column): (row: number) => readonly (readonly [string, string])[] {
  if (column.kind !== 'map' || column.keys.kind !== 'string' || column.items.kind !== 'string') {
    throw new TypeError(`expected a column of text maps, got ${column.kind}`);
  }
  const { offsets, keys, items } = column;
  const [names, values] = [keys.values, items.values];
  return (row) => {
    const from = row === 0 ? 0 : Number(offsets[row - 1] ?? 0n);
    const pairs: [string, string][] = [];
    for (let index = from; index < Number(offsets[row] ?? 0n); index += 1) {
      pairs.push([names[index] ?? '', values[index] ?? '']);
    }
    return pairs;
  };
}
