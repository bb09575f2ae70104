import { Buffer } from 'node:buffer';
import type { ColumnWriter } from '../../native/columns/column-writer.ts';
import { ArrayColumn, MapColumn } from '../../native/columns/nested-columns.ts';
import { Column8, Column64 } from '../../native/columns/number-columns.ts';
import { StringColumn } from '../../native/columns/text-columns.ts';
import { JsonText } from './json-text.ts';
import { type ValueCursor, valueKind } from './value-cursor.ts';
import { base64 } from './value-text.ts';

/** The five maps of a row's attributes, one a type: `stringAttributes` of `schema/functions.sql` and the four behind it. */
export class AttributeColumns {
  readonly attributes_string: MapColumn<StringColumn> = new MapColumn(new StringColumn());
  readonly attributes_int: MapColumn<Column64> = new MapColumn(new Column64('Int64'));
  readonly attributes_double: MapColumn<Column64> = new MapColumn(new Column64('Float64'));
  readonly attributes_bool: MapColumn<Column8> = new MapColumn(new Column8('Bool'));
  readonly attributes_other: MapColumn<StringColumn> = new MapColumn(new StringColumn());

  /** Adds the attribute that the cursor has read last to a row. */
  add(row: number, cursor: ValueCursor): void {
    const { bytes, kind, valueStart, valueEnd } = cursor;
    if (kind === valueKind.string)
      keyed(this.attributes_string, row, cursor).add(bytes, valueStart, valueEnd);
    else if (kind === valueKind.int) keyed(this.attributes_int, row, cursor).add(cursor.low, cursor.high);
    else if (kind === valueKind.double) keyed(this.attributes_double, row, cursor).copy(bytes, valueStart);
    else if (kind === valueKind.bool) keyed(this.attributes_bool, row, cursor).add(cursor.low);
    else this.#addOther(row, cursor);
  }

  #addOther(row: number, cursor: ValueCursor): void {
    const { bytes, kind, valueStart, valueEnd } = cursor;
    const values = keyed(this.attributes_other, row, cursor);
    if (kind === valueKind.json) values.add(bytes, valueStart, valueEnd);
    else {
      const text =
        kind === valueKind.bytes ? Buffer.from(`=${base64(bytes, valueStart, valueEnd)}`) : nothing;
      values.add(text, 0, text.length);
    }
  }
}

/** The values of a map, after the key was added to a row. */
function keyed<Values extends ColumnWriter>(
  map: MapColumn<Values>,
  row: number,
  { bytes, keyStart, keyEnd }: ValueCursor,
): Values {
  map.pad(row);
  map.keys.add(bytes, keyStart, keyEnd);
  return map.values;
}

const nothing = new Uint8Array();

/** Attributes of which each value is JSON text: `jsonAttributes` of `schema/functions.sql`. */
export class JsonAttributesColumn extends MapColumn<StringColumn> {
  readonly #json: JsonText = new JsonText();

  constructor() {
    super(new StringColumn());
  }

  /** Adds the attribute that the cursor has read last to a row. */
  add(row: number, cursor: ValueCursor): void {
    this.#json.write(cursor);
    keyed(this, row, cursor).add(this.#json.bytes.memory, 0, this.#json.bytes.length);
  }
}

/** Such attributes of the items of a list. */
export type JsonAttributesList = ArrayColumn<JsonAttributesColumn>;

export function jsonAttributesList(): JsonAttributesList {
  return new ArrayColumn(new JsonAttributesColumn());
}
