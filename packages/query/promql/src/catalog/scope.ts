import type { LabelMatcher } from '@maru/query-core';
import { join, type Sql, sql } from '@maru/store';
import { anySeriesCondition, seriesCondition } from '../read/series-condition.ts';
import { madeLabels, type PointKind, pointKinds } from '../read/series-kinds.ts';

/** Which series a question about names and labels is about. */
export interface CatalogScope {
  /** Series that satisfy one of these sets of matchers; all series when there is none. */
  readonly selectors: readonly (readonly LabelMatcher[])[];
  /** Series with samples between these times, in milliseconds; open ends are `undefined`. */
  readonly startMs: number | undefined;
  readonly endMs: number | undefined;
}

/** How many answers are wanted, and how the reads end early. */
export interface CatalogOptions {
  /** At most so many answers; 0 for all. */
  readonly limit: number;
  readonly signal?: AbortSignal;
}

/** Answers, and whether there were more than the limit. */
export interface CatalogAnswer<T> {
  readonly items: readonly T[];
  readonly isTruncated: boolean;
}

/** More answers than this are refused whatever the limit says: they are held in memory and sent as one document. */
export const maxCatalogAnswers = 1_000_000;

export function limited<T>(items: readonly T[], limit: number): CatalogAnswer<T> {
  if (limit === 0 || items.length <= limit) return { items, isTruncated: false };
  return { items: items.slice(0, limit), isTruncated: true };
}

/** The condition on `metric_series` for one kind of points; exact but for labels that are made when read. */
export function scopeCondition(kind: PointKind, scope: CatalogScope): Sql {
  return conditionOf(scope, (matchers) => seriesCondition(kind, matchers));
}

/** The same for every kind at once. */
export function anyScopeCondition(scope: CatalogScope): Sql {
  return conditionOf(scope, anySeriesCondition);
}

function conditionOf(scope: CatalogScope, condition: (matchers: readonly LabelMatcher[]) => Sql): Sql {
  const selectors = scope.selectors.length === 0 ? [[]] : scope.selectors;
  const any = sql`(${join(
    selectors.map((matchers) => sql`(${condition(matchers)})`),
    ' OR ',
  )})`;
  return sql`${any} AND ${timeCondition(scope, any)}`;
}

/** The store notes when a series was last seen only every ten minutes. */
const lagMs = 600_000;

/**
 * Whether a series lived in the time asked for. Its row may not be merged yet: each load that saw it wrote one, so the
 * first and last time are taken over all of them; of the selected series only, as there may be a million others.
 */
function timeCondition({ startMs, endMs }: CatalogScope, selected: Sql): Sql {
  if (startMs === undefined && endMs === undefined) return sql`true`;
  return sql`series_id IN (SELECT series_id FROM metric_series WHERE ${selected} GROUP BY series_id
    HAVING max(last_time) >= ${moment((startMs ?? Number.NEGATIVE_INFINITY) - lagMs)}
      AND min(first_time) <= ${moment(endMs ?? Number.POSITIVE_INFINITY)})`;
}

function moment(milliseconds: number): Sql {
  const stored = Math.max(-2_208_988_800_000, Math.min(10_413_791_999_999, Math.floor(milliseconds)));
  return sql`fromUnixTimestamp64Milli(${BigInt(stored)}, 'UTC')`;
}

/** Whether SQL alone can tell which series are meant: no selector asks about a label that is made when read. */
export function isDecidedByStore(scope: CatalogScope): boolean {
  const made = new Set(pointKinds.map((kind) => madeLabels[kind]));
  return scope.selectors.every((matchers) => matchers.every((matcher) => !made.has(matcher.name)));
}
