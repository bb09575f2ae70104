import type { PaddedColumn } from '../../native/columns/column-writer.ts';
import { DictionaryColumn } from '../../native/columns/dictionary-column.ts';
import { Column8, Column32, Column64 } from '../../native/columns/number-columns.ts';
import { FixedStringColumn, StringColumn } from '../../native/columns/text-columns.ts';
import { ScopeColumns } from './scope-columns.ts';

/** By the field numbers of AnyValue. */
const bodyTypes =
  "Enum8('no' = 0, 'string_value' = 1, 'bool_value' = 2, 'int_value' = 3, 'double_value' = 4, 'bytes_value' = 7, 'json_value' = 15)";

/** The columns of `logs`, by their names there and of the same types. */
export class LogColumns extends ScopeColumns {
  readonly time: Column64 = new Column64("DateTime64(9, 'UTC')");
  readonly observed_time: Column64 = new Column64("DateTime64(9, 'UTC')");
  readonly trace_id: FixedStringColumn = new FixedStringColumn(16);
  readonly span_id: FixedStringColumn = new FixedStringColumn(8);
  readonly flags: Column32 = new Column32();
  readonly severity_number: Column8 = new Column8('UInt8');
  readonly severity_text: DictionaryColumn = new DictionaryColumn();
  readonly event_name: DictionaryColumn = new DictionaryColumn();
  readonly body: StringColumn = new StringColumn();
  readonly body_type: Column8 = new Column8(bodyTypes);

  /** Ends all rows. */
  end(rows: number): void {
    for (const column of Object.values(this) as readonly PaddedColumn[]) column.pad(rows);
  }
}
