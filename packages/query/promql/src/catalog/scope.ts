import type { LabelMatcher, QueryLimits } from '@maru/query-core';
import { join, type ReadOptions, type Sql, sql } from '@maru/store';
import { anySeriesCondition } from '../read/series-condition.ts';
import { madeLabels, pointKinds } from '../read/series-kinds.ts';
import { seriesRead } from '../read/stored-series.ts';

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
  /** Of series that have to be looked at one by one; Prometheus's by default. */
  readonly limits?: QueryLimits;
}

/** Answers, and whether there were more than the limit. */
export interface CatalogAnswer<T> {
  readonly items: readonly T[];
  readonly isTruncated: boolean;
}

/** More answers than this are refused whatever the limit says: they are held in memory and sent as one document. */
export const maxCatalogAnswers = 1_000_000;

/** How the catalog is read. */
export function catalogRead({ signal }: CatalogOptions): ReadOptions {
  return signal === undefined ? seriesRead : { ...seriesRead, signal };
}

export function limited<T>(items: readonly T[], limit: number): CatalogAnswer<T> {
  if (limit === 0 || items.length <= limit) return { items, isTruncated: false };
  return { items: items.slice(0, limit), isTruncated: true };
}

/** The condition on `metric_series` for every kind of points; exact but for labels that are made when read. */
export function anyScopeCondition(scope: CatalogScope): Sql {
  const selected = selectedCondition(scope);
  const lived = livedCondition(scope);
  if (lived === undefined) return selected;
  return sql`${selected} AND series_id IN (SELECT series_id FROM metric_series WHERE ${selected}
    GROUP BY series_id HAVING ${lived})`;
}

/**
 * The same for a statement that groups the rows by series anyway, which spares the engine finding them twice: where they
 * come from, and what holds for a group of them; `undefined` when no time was asked for.
 */
export function scopeSource(scope: CatalogScope): { readonly series: Sql; readonly having: Sql | undefined } {
  return {
    series: sql`FROM metric_series WHERE ${selectedCondition(scope)}`,
    having: livedCondition(scope),
  };
}

function selectedCondition({ selectors }: CatalogScope): Sql {
  const [only = []] = selectors;
  if (selectors.length <= 1) return anySeriesCondition(only);
  return sql`(${join(
    selectors.map((matchers) => sql`(${anySeriesCondition(matchers)})`),
    ' OR ',
  )})`;
}

/** The store notes when a series was last seen only every ten minutes. */
const lagMs = 600_000;

/**
 * Whether a series lived in the time asked for. Its row may not be merged yet: each load that saw it wrote one, so the
 * first and last time are taken over all of them; of the selected series only, as there may be a million others.
 */
function livedCondition({ startMs, endMs }: CatalogScope): Sql | undefined {
  if (startMs === undefined && endMs === undefined) return undefined;
  return sql`max(last_time) >= ${moment((startMs ?? Number.NEGATIVE_INFINITY) - lagMs)}
      AND min(first_time) <= ${moment(endMs ?? Number.POSITIVE_INFINITY)}`;
}

function moment(milliseconds: number): Sql {
  const stored = Math.max(-2_208_988_800_000, Math.min(10_413_791_999_999, Math.floor(milliseconds)));
  return sql`fromUnixTimestamp64Milli(${BigInt(stored)}, 'UTC')`;
}

/** Whether SQL alone can tell which series are meant: no selector asks about a label that is made when read. */
export function isDecidedByStore(scope: CatalogScope): boolean {
  const made = new Set<string | undefined>(pointKinds.map((kind) => madeLabels[kind]));
  return scope.selectors.every((matchers) => matchers.every((matcher) => !made.has(matcher.name)));
}
