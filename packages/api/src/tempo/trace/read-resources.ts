import { type Reader, sql } from '@maru/store';
import { type KeyValue, valueFromOther } from './any-value.ts';
import type { ResourceSpans } from './trace.ts';

/** The resource of an id; one the store does not (yet) know has the service's name alone. */
export type ResourceOf = (
  resourceId: bigint,
  serviceName: string,
) => Pick<ResourceSpans, 'resource' | 'schemaUrl'>;

interface ResourceRow {
  readonly id: string;
  readonly schema_url: string;
  readonly attributes_string: Readonly<Record<string, string>>;
  readonly attributes_int: Readonly<Record<string, string>>;
  readonly attributes_double: Readonly<Record<string, number>>;
  readonly attributes_bool: Readonly<Record<string, boolean>>;
  readonly attributes_other: Readonly<Record<string, string>>;
  readonly dropped_attributes_count: number;
}

/** Reads the resources of these ids. */
export async function readResources(
  reader: Reader,
  ids: readonly bigint[],
  signal: AbortSignal,
): Promise<ResourceOf> {
  const rows =
    ids.length === 0 ? [] : await reader.rows<ResourceRow>(resourcesSql(ids), { signal, lane: 'lookup' });
  const byId = new Map(rows.map((row) => [row.id, row]));
  return (resourceId, serviceName) => {
    const row = byId.get(String(resourceId));
    return row === undefined ? unknownResource(serviceName) : knownResource(row, serviceName);
  };
}

function resourcesSql(ids: readonly bigint[]): ReturnType<typeof sql> {
  return sql`
    SELECT toString(resource_id) AS id, schema_url, attributes_string,
      attributes_int,
      attributes_double, attributes_bool, attributes_other, dropped_attributes_count
    FROM resources
    WHERE resource_id IN ${ids}
    LIMIT 1 BY resource_id`;
}

function unknownResource(serviceName: string): ReturnType<ResourceOf> {
  return {
    resource: { attributes: [serviceAttribute(serviceName)], droppedAttributesCount: 0 },
    schemaUrl: '',
  };
}

function knownResource(row: ResourceRow, serviceName: string): ReturnType<ResourceOf> {
  const attributes = attributesOf(row);
  const named = attributes.length > 0 ? attributes : [serviceAttribute(serviceName)];
  return {
    resource: { attributes: named, droppedAttributesCount: row.dropped_attributes_count },
    schemaUrl: row.schema_url,
  };
}

function serviceAttribute(serviceName: string): KeyValue {
  return { key: 'service.name', value: { type: 'string', value: serviceName } };
}

function attributesOf(row: ResourceRow): readonly KeyValue[] {
  return [
    ...Object.entries(row.attributes_string).map(
      ([key, value]): KeyValue => ({ key, value: { type: 'string', value } }),
    ),
    ...Object.entries(row.attributes_int).map(
      ([key, value]): KeyValue => ({ key, value: { type: 'int', value: BigInt(value) } }),
    ),
    ...Object.entries(row.attributes_double).map(
      ([key, value]): KeyValue => ({ key, value: { type: 'double', value } }),
    ),
    ...Object.entries(row.attributes_bool).map(
      ([key, value]): KeyValue => ({ key, value: { type: 'bool', value } }),
    ),
    ...Object.entries(row.attributes_other).map(
      ([key, value]): KeyValue => ({ key, value: valueFromOther(value) }),
    ),
  ];
}
