import type { Column, Columns } from '../reader.ts';

/** A column of 64-bit numbers without a sign. */
export function uintColumn(block: Columns, name: string): BigUint64Array {
  const column = block.column(name);
  if (column.kind !== 'uint')
    throw new TypeError(`expected ${name} to be 64-bit numbers, got ${column.kind}`);
  return column.values;
}

export function floatColumn(block: Columns, name: string): Float64Array {
  const column = block.column(name);
  if (column.kind !== 'float') throw new TypeError(`expected ${name} to be floats, got ${column.kind}`);
  return column.values;
}

/** Whole numbers of up to 32 bits. */
export function smallColumn(column: Column): Extract<Column, { readonly kind: 'small' }>['values'] {
  if (column.kind !== 'small') throw new TypeError(`expected small numbers, got ${column.kind}`);
  return column.values;
}
