import type { NanoRange } from '@maru/query-core';
import { join, type Reader, type ReadOptions, type Sql, sql } from '@maru/store';
import { within } from '../plan/context.ts';
import type { SearchPlan } from '../plan/plan-search.ts';
import type { Scope } from '../syntax/ast.ts';

/** The attribute names of one scope, sorted. */
export interface ScopeTags {
  readonly scope: Scope;
  readonly names: readonly string[];
}

/** How the names of each scope are read from `spans`; those of resources stand in their own table. */
const spanNames: Readonly<Record<Exclude<Scope, 'resource'>, Sql>> = {
  span: sql`arrayConcat(groupUniqArrayArray(mapKeys(attributes_string)), groupUniqArrayArray(mapKeys(attributes_int)),
    groupUniqArrayArray(mapKeys(attributes_double)), groupUniqArrayArray(mapKeys(attributes_bool)),
    groupUniqArrayArray(mapKeys(attributes_other)))`,
  event: sql`groupUniqArrayArray(arrayFlatten(arrayMap(a -> mapKeys(a), \`events.attributes\`)))`,
  link: sql`groupUniqArrayArray(arrayFlatten(arrayMap(a -> mapKeys(a), \`links.attributes\`)))`,
  instrumentation: sql`groupUniqArrayArray(mapKeys(scope_attributes))`,
};

/**
 * The attribute names that occur in the range, by scope.
 *
 * @param filter only names of spans that it finds
 */
export async function readTagNames(
  reader: Reader,
  range: NanoRange,
  scopes: readonly Scope[],
  filter: SearchPlan | undefined,
  options: ReadOptions,
): Promise<readonly ScopeTags[]> {
  return Promise.all(
    scopes.map(async (scope) => {
      const query =
        scope === 'resource'
          ? resourceNamesSql(range, filter)
          : spanNamesSql(spanNames[scope], range, filter);
      const [row] = await reader.rows<{ readonly names: readonly string[] }>(query, options);
      return { scope, names: [...new Set(row?.names)].sort() };
    }),
  );
}

/** The spans that count: those of the range that the filter finds. */
export function countedSpans(range: NanoRange, filter: SearchPlan | undefined): Sql {
  return join([within(range), ...(filter === undefined ? [] : [filter.spanset.where])], ' AND ');
}

function spanNamesSql(names: Sql, range: NanoRange, filter: SearchPlan | undefined): Sql {
  return sql`SELECT ${names} AS names FROM spans WHERE ${countedSpans(range, filter)}`;
}

function resourceNamesSql(range: NanoRange, filter: SearchPlan | undefined): Sql {
  return sql`
    SELECT arrayConcat(groupUniqArrayArray(mapKeys(attributes_string)), groupUniqArrayArray(mapKeys(attributes_int)),
      groupUniqArrayArray(mapKeys(attributes_double)), groupUniqArrayArray(mapKeys(attributes_bool)),
      groupUniqArrayArray(mapKeys(attributes_other))) AS names
    FROM resources
    WHERE resource_id IN (SELECT DISTINCT resource_id FROM spans WHERE ${countedSpans(range, filter)})`;
}
