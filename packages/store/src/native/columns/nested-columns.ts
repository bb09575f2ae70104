import type { ColumnWriter } from './column-writer.ts';
import { DictionaryColumn } from './dictionary-column.ts';
import { Words } from './words.ts';

/** `Array(…)`: `items` are added to the column of that name, then the row is ended. */
export class ArrayColumn<Items extends ColumnWriter> implements ColumnWriter {
  readonly type: string;
  readonly items: Items;
  readonly #ends: Words = new Words();

  constructor(items: Items) {
    this.type = `Array(${items.type})`;
    this.items = items;
  }

  get count(): number {
    return this.#ends.length / 2;
  }

  /** The items since the last row are this row's. */
  endRow(): void {
    this.#ends.two(this.items.count, 0);
  }

  prefix(): readonly Uint8Array[] {
    return this.items.prefix();
  }

  data(): readonly Uint8Array[] {
    return [this.#ends.writtenBytes, ...this.items.data()];
  }

  clear(): void {
    this.#ends.clear();
    this.items.clear();
  }

  rest(): void {
    this.#ends.rest();
    this.items.rest();
  }
}

/** `Map(LowCardinality(String), …)`: pairs are added to `keys` and `values`, then the row is ended. Keys may repeat. */
export class MapColumn<Values extends ColumnWriter> implements ColumnWriter {
  readonly type: string;
  readonly keys: DictionaryColumn = new DictionaryColumn();
  readonly values: Values;
  readonly #ends: Words = new Words();

  constructor(values: Values) {
    this.type = `Map(${this.keys.type}, ${values.type})`;
    this.values = values;
  }

  get count(): number {
    return this.#ends.length / 2;
  }

  /** The pairs since the last row are this row's. */
  endRow(): void {
    this.#ends.two(this.keys.count, 0);
  }

  prefix(): readonly Uint8Array[] {
    return [...this.keys.prefix(), ...this.values.prefix()];
  }

  data(): readonly Uint8Array[] {
    return [this.#ends.writtenBytes, ...this.keys.data(), ...this.values.data()];
  }

  clear(): void {
    this.#ends.clear();
    this.keys.clear();
    this.values.clear();
  }

  rest(): void {
    this.#ends.rest();
    this.keys.rest();
    this.values.rest();
  }
}
