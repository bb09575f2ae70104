import { join, type Sql, sql } from '@maru/store';
import type { AttributeColumn, KeysOf } from './keys.ts';
import { detectedLevel } from './level.ts';
import { isIndexLabel, type Stream } from './streams.ts';

/** Metadata that every line may have from its own columns, as text; '' where it has none. */
export const recordFields: ReadonlyMap<string, Sql> = new Map([
  ['trace_id', sql`if(trace_id = toFixedString('', 16), '', lower(hex(trace_id)))`],
  ['span_id', sql`if(span_id = toFixedString('', 8), '', lower(hex(span_id)))`],
  ['severity_number', sql`if(severity_number = 0, '', toString(severity_number))`],
  ['severity_text', sql`toString(severity_text)`],
  ['scope_name', sql`toString(scope_name)`],
  ['scope_version', sql`toString(scope_version)`],
  ['event_name', sql`toString(event_name)`],
  ['flags', sql`if(flags = 0, '', toString(flags))`],
  [
    'observed_timestamp',
    sql`if(toUnixTimestamp64Nano(observed_time) = 0, '', toString(toUnixTimestamp64Nano(observed_time)))`,
  ],
  ['dropped_attributes_count', sql`if(dropped_attributes_count = 0, '', toString(dropped_attributes_count))`],
  ['detected_level', detectedLevel],
]);

/** Whether reading a label needs to know which attribute keys there are. */
export function needsKeys(label: string): boolean {
  return !recordFields.has(label) && !isIndexLabel(label);
}

/**
 * A label's value in a row of `logs`, as text, '' where it has none. A stream's label wins over the line's metadata,
 * the line's own attribute over its scope's and its resource's.
 */
export function fieldText(label: string, streams: readonly Stream[], keysOf: KeysOf): Sql {
  if (isIndexLabel(label)) return ofStream(streams, (stream) => stream.labels.get(label));
  const own = keysOf(label).map(([column, key]) => keyCase(column, key));
  const ofResource = ofStream(streams, (stream) => stream.metadata.get(label));
  const attribute = own.length === 0 ? ofResource : sql`multiIf(${join(own, ', ')}, ${ofResource})`;
  const record = recordFields.get(label);
  if (record === undefined) return attribute;
  return own.length === 0 ? record : sql`if(${record} != '', ${record}, ${attribute})`;
}

/** A text that depends on the stream alone. */
function ofStream(streams: readonly Stream[], labelOf: (stream: Stream) => string | undefined): Sql {
  const valued = streams.flatMap((stream) => {
    const value = labelOf(stream);
    return value === undefined ? [] : [{ id: BigInt(stream.resourceId), value }];
  });
  const [first] = valued;
  if (first === undefined) return sql`''`;
  if (valued.length === streams.length && valued.every(({ value }) => value === first.value))
    return sql`${first.value}`;
  const ids = join(
    valued.map(({ id }) => sql`toUInt64(${id})`),
    ', ',
  );
  return sql`transform(resource_id, [${ids}], [${join(
    valued.map(({ value }) => sql`${value}`),
    ', ',
  )}], '')`;
}

function keyCase(column: AttributeColumn, key: string): Sql {
  switch (column) {
    case 'string':
      return sql`mapContains(attributes_string, ${key}), attributes_string[${key}]`;
    case 'int':
      return sql`mapContains(attributes_int, ${key}), toString(attributes_int[${key}])`;
    case 'double':
      return sql`mapContains(attributes_double, ${key}), toString(attributes_double[${key}])`;
    case 'bool':
      return sql`mapContains(attributes_bool, ${key}), if(attributes_bool[${key}], 'true', 'false')`;
    case 'other':
      return sql`mapContains(attributes_other, ${key}), trimLeft(attributes_other[${key}], '=')`;
    case 'scope':
      return sql`mapContains(scope_attributes, ${key}),
        if(startsWith(scope_attributes[${key}], '"'), JSONExtractString(scope_attributes[${key}]), scope_attributes[${key}])`;
  }
}
