import { anchoredPattern } from '@maru/query-core';
import { type Sql, sql } from '@maru/store';
import type { ComparisonOperator, LabelFilter } from '../syntax/ast.ts';
import { notSupported } from '../syntax/error.ts';

/** The value of a label in a row, as text. */
export type FieldText = (label: string) => Sql;

/** A label filter: which rows it keeps, and in which of them it failed to read a value (Loki keeps those). */
export interface FilterSql {
  readonly keeps: Sql;
  readonly fails: Sql | undefined;
}

export function labelFilterSql(filter: LabelFilter, field: FieldText, text: string): FilterSql {
  switch (filter.kind) {
    case 'matcher':
      return { keeps: matcherSql(filter, field), fails: undefined };
    case 'comparison':
      return comparisonSql(filter, field);
    case 'ip':
      throw notSupported(text, filter.start, 'ip()');
    case 'logical':
      return logicalSql(filter, field, text);
  }
}

function logicalSql(
  filter: Extract<LabelFilter, { readonly kind: 'logical' }>,
  field: FieldText,
  text: string,
): FilterSql {
  const [left, right] = [labelFilterSql(filter.left, field, text), labelFilterSql(filter.right, field, text)];
  const keeps =
    filter.operator === 'and'
      ? sql`(${left.keeps} AND ${right.keeps})`
      : sql`(${left.keeps} OR ${right.keeps})`;
  const fails =
    left.fails && right.fails ? sql`(${left.fails} OR ${right.fails})` : (left.fails ?? right.fails);
  return { keeps, fails };
}

function matcherSql(filter: Extract<LabelFilter, { readonly kind: 'matcher' }>, field: FieldText): Sql {
  const { name, operator, value } = filter;
  switch (operator) {
    case '=':
      // The index on trace_id holds bytes.
      return name === 'trace_id' && /^[0-9a-f]{32}$/.test(value)
        ? sql`(trace_id = unhex(${value}))`
        : sql`(${field(name)} = ${value})`;
    case '!=':
      return sql`(${field(name)} != ${value})`;
    case '=~':
      return sql`match(${field(name)}, ${anchoredPattern(value)})`;
    case '!~':
      return sql`NOT match(${field(name)}, ${anchoredPattern(value)})`;
  }
}

/** An absent label is never kept; a text that is no such quantity is kept and marked, as Loki does. */
function comparisonSql(
  filter: Extract<LabelFilter, { readonly kind: 'comparison' }>,
  field: FieldText,
): FilterSql {
  const value = field(filter.name);
  const quantity = quantitySql(filter.unit, value);
  const fails = sql`(${value} != '' AND isNull(${quantity}))`;
  const compared = compareSql(filter.operator, quantity, filter.value);
  return { keeps: sql`(${value} != '' AND ifNull(${compared}, true))`, fails };
}

function compareSql(operator: ComparisonOperator, left: Sql, right: number): Sql {
  switch (operator) {
    case '=':
      return sql`${left} = ${right}`;
    case '!=':
      return sql`${left} != ${right}`;
    case '<':
      return sql`${left} < ${right}`;
    case '<=':
      return sql`${left} <= ${right}`;
    case '>':
      return sql`${left} > ${right}`;
    case '>=':
      return sql`${left} >= ${right}`;
  }
}

/** The text read as a number of the unit, NULL when it is none. */
function quantitySql(unit: 'number' | 'duration' | 'bytes', text: Sql): Sql {
  switch (unit) {
    case 'number':
      return sql`toFloat64OrNull(${text})`;
    case 'duration':
      return durationSql(text);
    case 'bytes':
      return bytesSql(text);
  }
}

/** Nanoseconds of `1m30s`, `1.5h`, as Go reads durations. */
function durationSql(text: Sql): Sql {
  const units = sql`['ns', 'us', 'µs', 'μs', 'ms', 's', 'm', 'h']`;
  const nanos = sql`[1., 1e3, 1e3, 1e3, 1e6, 1e9, 6e10, 3.6e12]`;
  const parts = sql`extractAllGroupsVertical(${text}, '([0-9]+(?:[.][0-9]*)?|[.][0-9]+)(ns|us|µs|μs|ms|s|m|h)')`;
  const total = sql`arraySum(arrayMap(p -> toFloat64OrZero(p[1]) * transform(p[2], ${units}, ${nanos}, 0.), ${parts}))`;
  const signed = sql`if(startsWith(${text}, '-'), -1, 1) * ${total}`;
  return sql`if(match(${text}, '^[+-]?(?:(?:[0-9]+(?:[.][0-9]*)?|[.][0-9]+)(?:ns|us|µs|μs|ms|s|m|h))+$'), ${signed}, NULL)`;
}

/** Bytes of `42MB`, `1.5 KiB`, `7`. */
function bytesSql(text: Sql): Sql {
  const units = sql`['', 'b', 'k', 'kb', 'm', 'mb', 'g', 'gb', 't', 'tb', 'p', 'pb',
    'ki', 'kib', 'mi', 'mib', 'gi', 'gib', 'ti', 'tib', 'pi', 'pib']`;
  const sizes = sql`[1., 1., 1e3, 1e3, 1e6, 1e6, 1e9, 1e9, 1e12, 1e12, 1e15, 1e15, 1024., 1024., 1048576., 1048576.,
    1073741824., 1073741824., 1099511627776., 1099511627776., 1125899906842624., 1125899906842624.]`;
  const size = sql`transform(lower(regexpExtract(${text}, '([a-zA-Z]*)$', 1)), ${units}, ${sizes}, 0.)`;
  const number = sql`toFloat64OrNull(regexpExtract(${text}, '^([0-9.]+)', 1))`;
  return sql`if(match(${text}, '^[0-9.]+ ?(?i:[kmgtp]?i?b?)$'), ${number} * ${size}, NULL)`;
}
