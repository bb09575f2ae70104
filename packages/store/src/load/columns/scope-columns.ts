import { DictionaryColumn } from '../../native/columns/dictionary-column.ts';
import { Column32, Column64 } from '../../native/columns/number-columns.ts';
import { AttributeColumns, JsonAttributesColumn } from './attribute-columns.ts';

/** What the rows of each signal have of the resource and the scope around them, of their attributes, and when they came. */
export class ScopeColumns extends AttributeColumns {
  readonly service_name: DictionaryColumn = new DictionaryColumn();
  readonly resource_id: Column64 = new Column64('UInt64');
  readonly scope_name: DictionaryColumn = new DictionaryColumn();
  readonly scope_version: DictionaryColumn = new DictionaryColumn();
  readonly scope_attributes: JsonAttributesColumn = new JsonAttributesColumn();
  readonly dropped_attributes_count: Column32 = new Column32();
  readonly received_time: Column64 = new Column64("DateTime64(3, 'UTC')");
}
