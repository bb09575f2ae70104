import { join, type Reader, type ReadOptions, type Sql, sql } from '@maru/store';
import { cleanLabelName } from './label-names.ts';

/** The columns that hold a line's own attributes, and those of its scope. */
export const attributeColumns = ['string', 'int', 'double', 'bool', 'other'] as const;
export type AttributeColumn = (typeof attributeColumns)[number] | 'scope';

/** Which attribute keys a label's name stands for: `http_route` may be `http.route`, and its values may differ in type. */
export type KeysOf = (label: string) => readonly (readonly [column: AttributeColumn, key: string])[];

interface KeysRow {
  readonly string: readonly string[];
  readonly int: readonly string[];
  readonly double: readonly string[];
  readonly bool: readonly string[];
  readonly other: readonly string[];
  readonly scope: readonly string[];
}

/**
 * Reads the keys that occur in these rows, so that conditions name keys and the engine reads only their buckets; a
 * condition that cleaned each key of each row took five times as long.
 */
export async function readKeys(reader: Reader, where: Sql, options: ReadOptions): Promise<KeysOf> {
  const [row] = await reader.rows<KeysRow>(
    sql`SELECT ${join([...attributeColumns.map(keysSql), sql`groupUniqArrayArray(mapKeys(scope_attributes)) AS scope`], ', ')}
      FROM logs WHERE ${where}`,
    options,
  );
  const found = new Map<string, (readonly [AttributeColumn, string])[]>();
  for (const column of [...attributeColumns, 'scope'] as const) {
    for (const key of row?.[column].toSorted() ?? []) {
      const label = cleanLabelName(key);
      found.set(label, [...(found.get(label) ?? []), [column, key]]);
    }
  }
  return (label) => found.get(label) ?? [];
}

function keysSql(column: (typeof attributeColumns)[number]): Sql {
  switch (column) {
    case 'string':
      return sql`groupUniqArrayArray(mapKeys(attributes_string)) AS string`;
    case 'int':
      return sql`groupUniqArrayArray(mapKeys(attributes_int)) AS int`;
    case 'double':
      return sql`groupUniqArrayArray(mapKeys(attributes_double)) AS double`;
    case 'bool':
      return sql`groupUniqArrayArray(mapKeys(attributes_bool)) AS bool`;
    case 'other':
      return sql`groupUniqArrayArray(mapKeys(attributes_other)) AS other`;
  }
}
