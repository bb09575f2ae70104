import type { PaddedColumn } from '../../native/columns/column-writer.ts';
import { DictionaryColumn } from '../../native/columns/dictionary-column.ts';
import { ArrayColumn } from '../../native/columns/nested-columns.ts';
import { Column8, Column32, Column64 } from '../../native/columns/number-columns.ts';
import { FixedStringColumn, StringColumn } from '../../native/columns/text-columns.ts';
import { type JsonAttributesList, jsonAttributesList } from './attribute-columns.ts';
import { ScopeColumns } from './scope-columns.ts';

const kinds =
  "Enum8('unspecified' = 0, 'internal' = 1, 'server' = 2, 'client' = 3, 'producer' = 4, 'consumer' = 5)";
const statusCodes = "Enum8('unset' = 0, 'ok' = 1, 'error' = 2)";

/** The columns of `spans`, by their names there and of the same types. */
export class SpanColumns extends ScopeColumns {
  readonly trace_id: FixedStringColumn = new FixedStringColumn(16);
  readonly span_id: FixedStringColumn = new FixedStringColumn(8);
  readonly parent_span_id: FixedStringColumn = new FixedStringColumn(8);
  readonly trace_state: StringColumn = new StringColumn();
  readonly flags: Column32 = new Column32();
  readonly name: DictionaryColumn = new DictionaryColumn();
  readonly kind: Column8 = new Column8(kinds);
  readonly start_time: Column64 = new Column64("DateTime64(9, 'UTC')");
  readonly duration_nano: Column64 = new Column64('Int64');
  readonly status_code: Column8 = new Column8(statusCodes);
  readonly status_message: StringColumn = new StringColumn();
  readonly 'events.time': ArrayColumn<Column64> = new ArrayColumn(new Column64("DateTime64(9, 'UTC')"));
  readonly 'events.name': ArrayColumn<DictionaryColumn> = new ArrayColumn(new DictionaryColumn());
  readonly 'events.attributes': JsonAttributesList = jsonAttributesList();
  readonly 'events.dropped_attributes_count': ArrayColumn<Column32> = new ArrayColumn(new Column32());
  readonly dropped_events_count: Column32 = new Column32();
  readonly 'links.trace_id': ArrayColumn<FixedStringColumn> = new ArrayColumn(new FixedStringColumn(16));
  readonly 'links.span_id': ArrayColumn<FixedStringColumn> = new ArrayColumn(new FixedStringColumn(8));
  readonly 'links.trace_state': ArrayColumn<StringColumn> = new ArrayColumn(new StringColumn());
  readonly 'links.attributes': JsonAttributesList = jsonAttributesList();
  readonly 'links.dropped_attributes_count': ArrayColumn<Column32> = new ArrayColumn(new Column32());
  readonly 'links.flags': ArrayColumn<Column32> = new ArrayColumn(new Column32());
  readonly dropped_links_count: Column32 = new Column32();

  readonly #eventLists: readonly ArrayColumn<PaddedColumn>[] = [
    this['events.time'],
    this['events.name'],
    this['events.attributes'],
    this['events.dropped_attributes_count'],
  ];
  readonly #linkLists: readonly ArrayColumn<PaddedColumn>[] = [
    this['links.trace_id'],
    this['links.span_id'],
    this['links.trace_state'],
    this['links.attributes'],
    this['links.dropped_attributes_count'],
    this['links.flags'],
  ];

  /** Ends all rows. */
  end(rows: number, events: number, links: number): void {
    for (const column of Object.values(this) as readonly (PaddedColumn | ArrayColumn<PaddedColumn>)[])
      if (!(column instanceof ArrayColumn)) column.pad(rows);
    for (const column of this.#eventLists) endList(column, rows, events);
    for (const column of this.#linkLists) endList(column, rows, links);
  }

  /** Ends the lists of events before `row`. */
  padEvents(row: number, events: number): void {
    for (const list of this.#eventLists) list.pad(row, events);
  }

  /** Ends the lists of links before `row`. */
  padLinks(row: number, links: number): void {
    for (const list of this.#linkLists) list.pad(row, links);
  }
}

function endList(column: ArrayColumn<PaddedColumn>, rows: number, items: number): void {
  column.pad(rows, items);
  column.items.pad(items);
}
