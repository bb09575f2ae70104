import { join, type Sql, sql } from '@maru/store';
import type { Alternative } from './alternative.ts';

/** The columns that hold attributes are named alike in spans and in resources. */
const columns = {
  string: sql`attributes_string`,
  int: sql`attributes_int`,
  double: sql`attributes_double`,
  bool: sql`attributes_bool`,
  other: sql`attributes_other`,
};

/** Whether a row has the attribute, of whatever type. */
export function hasAttribute(key: string): Sql {
  return sql`(mapContains(${columns.string}, ${key}) OR mapContains(${columns.int}, ${key})
    OR mapContains(${columns.double}, ${key}) OR mapContains(${columns.bool}, ${key})
    OR mapContains(${columns.other}, ${key}))`;
}

/** What the attribute may be in a row of spans or resources: one alternative a type, and those inside an array. */
export function attributeAlternatives(key: string, table: 'spans' | 'resources'): readonly Alternative[] {
  return [
    scalar('string', columns.string, key, table),
    scalar('int', columns.int, key, table),
    scalar('float', columns.double, key, table),
    scalar('bool', columns.bool, key, table),
    ...arrayAlternatives(key, table),
  ];
}

function scalar(
  type: Alternative['type'],
  column: Sql,
  key: string,
  table: Alternative['table'],
): Alternative {
  return { type, table, value: sql`${column}[${key}]`, present: sql`mapContains(${column}, ${key})` };
}

/** An array is kept as JSON text; a condition on it is one on its elements. */
function arrayAlternatives(key: string, table: Alternative['table']): readonly Alternative[] {
  const text = sql`${columns.other}[${key}]`;
  const over = { items: sql`JSONExtractArrayRaw(${text})`, negation: 'every' } as const;
  const guard = sql`startsWith(${text}, '[')`;
  return jsonAlternatives(sql`item`).map((alternative) => ({
    ...alternative,
    table,
    over,
    arrayGuard: guard,
  }));
}

/** What a value kept as JSON text may be. */
export function jsonAlternatives(text: Sql): readonly Alternative[] {
  return [
    {
      type: 'string',
      table: 'spans',
      value: sql`JSONExtractString(${text})`,
      present: sql`startsWith(${text}, '"')`,
    },
    {
      type: 'float',
      table: 'spans',
      value: sql`toFloat64OrZero(${text})`,
      present: sql`isNotNull(toFloat64OrNull(${text}))`,
    },
    {
      type: 'bool',
      table: 'spans',
      value: sql`${text} = 'true'`,
      present: sql`${text} IN ('true', 'false')`,
    },
  ];
}

/** An attribute's value as JSON text, '' where the row has none. */
export function attributeJson(name: string): Sql {
  const cases = [
    sql`mapContains(attributes_string, ${name}), toJSONString(attributes_string[${name}])`,
    sql`mapContains(attributes_int, ${name}), toString(attributes_int[${name}])`,
    sql`mapContains(attributes_double, ${name}), doubleJson(attributes_double[${name}])`,
    sql`mapContains(attributes_bool, ${name}), if(attributes_bool[${name}], 'true', 'false')`,
    sql`mapContains(attributes_other, ${name}), attributes_other[${name}]`,
  ];
  return sql`multiIf(${join(cases, ', ')}, '')`;
}
