import { type ColumnWriter, missingRows, type PaddedColumn } from './column-writer.ts';
import { DictionaryColumn } from './dictionary-column.ts';
import { Words } from './words.ts';

/** `Array(…)`: items are added to the column of that name, after `pad` has said to which row. */
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

  /**
   * Ends the rows before `row`, so that the next items are that row's. Throws a `RangeError` when it has ended already.
   *
   * @param items how many all rows so far have; rows of `items` may be left out, too
   */
  pad(row: number, items: number): void {
    const missing = missingRows(this.count, row);
    if (missing > 0) this.#ends.twos(items, 0, missing);
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

/**
 * `Map(LowCardinality(String), …)`: pairs are added to `keys` and `values`, after `pad` has said to which row. Keys may
 * repeat.
 */
export class MapColumn<Values extends ColumnWriter> implements PaddedColumn {
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

  /** Ends the rows before `row`, so that the next pairs are that row's. */
  pad(row: number): void {
    const missing = missingRows(this.count, row);
    if (missing > 0) this.#ends.twos(this.keys.count, 0, missing);
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
