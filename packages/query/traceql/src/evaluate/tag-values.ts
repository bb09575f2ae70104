import type { NanoRange } from '@maru/query-core';
import { join, type Reader, type ReadOptions, type Sql, sql } from '@maru/store';
import type { Alternative } from '../plan/alternative.ts';
import { nearby } from '../plan/context.ts';
import { alternativesOf } from '../plan/operand.ts';
import type { SearchPlan } from '../plan/plan-search.ts';
import type { Attribute, Intrinsic } from '../syntax/ast.ts';
import { parse } from '../syntax/parse.ts';
import { intrinsics, kindNames, statusNames } from '../syntax/vocabulary.ts';
import { countedSpans } from './tag-names.ts';

/** A value that a tag has, and its type as Tempo names it. */
export interface TagValue {
  readonly type: 'string' | 'int' | 'float' | 'bool' | 'keyword';
  readonly value: string;
}

/**
 * The field that a tag's name stands for: `resource.service.name`, `.code`, `status`; undefined when it is none.
 *
 * @example readTagName('span."http request"')
 */
export function readTagName(name: string): Attribute | Intrinsic | undefined {
  try {
    const { expression } = parse(`{ ${name} != nil }`);
    const condition = expression.kind === 'spansetFilter' ? expression.condition : undefined;
    const field = condition?.kind === 'binary' ? condition.left : undefined;
    return field?.kind === 'attribute' || field?.kind === 'intrinsic' ? field : undefined;
  } catch {
    return undefined;
  }
}

/** Values that are as many as there are spans are not worth a list. */
const unlisted: ReadonlySet<string> = new Set([
  'duration',
  'traceDuration',
  'eventTimeSinceStart',
  'traceId',
  'spanId',
  'parentId',
  'linkTraceId',
  'linkSpanId',
  'nestedSetLeft',
  'nestedSetRight',
  'nestedSetParent',
  'childCount',
  'parent',
]);

/** The values of a tag in the range, sorted; those of spans that the filter finds, if there is one. */
export async function readTagValues(
  reader: Reader,
  field: Attribute | Intrinsic,
  range: NanoRange,
  filter: SearchPlan | undefined,
  limit: number,
  options: ReadOptions,
): Promise<readonly TagValue[]> {
  const fixed = field.kind === 'intrinsic' ? fixedValues(intrinsics.get(field.name) ?? '') : undefined;
  if (fixed !== undefined) return fixed;
  const parts = alternativesOf(field, '').map((alternative) => valuesSql(alternative, range, filter));
  return reader.rows<TagValue>(
    sql`SELECT DISTINCT type, value FROM (${join(parts, ' UNION ALL ')}) ORDER BY value, type LIMIT ${limit}`,
    options,
  );
}

function fixedValues(intrinsic: string): readonly TagValue[] | undefined {
  if (intrinsic === 'status') return [...statusNames].map((value) => ({ type: 'keyword', value }));
  if (intrinsic === 'kind') return [...kindNames].map((value) => ({ type: 'keyword', value }));
  return unlisted.has(intrinsic) ? [] : undefined;
}

function valuesSql(alternative: Alternative, range: NanoRange, filter: SearchPlan | undefined): Sql {
  const { type, value, present = sql`true`, over, arrayGuard = sql`true` } = alternative;
  const rows = rowsSql(alternative, range, filter);
  if (over === undefined)
    return sql`SELECT ${type} AS type, toString(${value}) AS value ${rows} AND ${present} GROUP BY value`;
  return sql`SELECT ${type} AS type,
    arrayJoin(arrayMap(item -> toString(${value}), arrayFilter(item -> ${present}, ${over.items}))) AS value
    ${rows} AND ${arrayGuard} GROUP BY value`;
}

function rowsSql({ table }: Alternative, range: NanoRange, filter: SearchPlan | undefined): Sql {
  const counted = countedSpans(range, filter);
  switch (table) {
    case 'resources':
      return sql`FROM resources WHERE resource_id IN (SELECT DISTINCT resource_id FROM spans WHERE ${counted})`;
    case 'roots':
      return sql`FROM spans WHERE ${nearby(range)} AND parent_span_id = toFixedString('', 8)
        AND trace_id IN (SELECT trace_id FROM spans WHERE ${counted})`;
    default:
      return sql`FROM spans WHERE ${counted}`;
  }
}
