import { keepPreviousData, type QueryKey, type UseQueryResult, useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useCallback, useMemo } from 'react';
import {
  defaultRange,
  fixedRange,
  type ResolvedRange,
  resolveRange,
  type TimeRange,
} from '../model/timeRange.ts';

/** The range of time in the URL. */
export function useRange(): TimeRange {
  const { from, to } = useSearch({ from: '__root__' });
  return useMemo(() => ({ from: from ?? defaultRange.from, to: to ?? defaultRange.to }), [from, to]);
}

/** Sets the range in the URL, leaving the rest of the page's state. */
export function useSetRange(): (range: TimeRange) => void {
  const navigate = useNavigate();
  return useCallback(
    (range) =>
      void navigate({ to: '.', search: (before: object) => ({ ...before, from: range.from, to: range.to }) }),
    [navigate],
  );
}

/** Narrows the range to what was dragged over on a chart. */
export function useZoom(): (startMillis: number, endMillis: number) => void {
  const setRange = useSetRange();
  return useCallback((start, end) => setRange(fixedRange(start, end)), [setRange]);
}

/** Milliseconds between refreshes, or false. A fixed range in the past does not change, so it is not refreshed. */
export function useRefreshMillis(pageDefault: number | false): number | false {
  const { refresh } = useSearch({ from: '__root__' });
  const { to } = useRange();
  if (to !== 'now') return false;
  if (refresh === undefined) return pageDefault;
  const seconds = /^(\d{1,3})s$/.exec(refresh)?.[1];
  return seconds ? Math.max(1, Number(seconds)) * 1000 : false;
}

/** An answer with the range that it was asked for: `now` moves, and a chart must draw what was asked. */
export interface Ranged<Value> {
  readonly value: Value;
  readonly range: ResolvedRange;
}

interface RangedQuery<Value> {
  readonly key: QueryKey;
  readonly fetch: (range: ResolvedRange, signal: AbortSignal) => Promise<Value>;
  readonly enabled?: boolean;
  readonly refreshMillis?: number | false;
}

/**
 * A query over the range in the URL. It is cancelled when its page is left, keeps the last answer in sight while the
 * next one comes, and does not poll while the page is hidden.
 */
export function useRangedQuery<Value>(query: RangedQuery<Value>): UseQueryResult<Ranged<Value>> {
  const range = useRange();
  return useQuery({
    queryKey: [...query.key, range.from, range.to],
    queryFn: async ({ signal }) => {
      const resolved = resolveRange(range, Date.now());
      return { value: await query.fetch(resolved, signal), range: resolved };
    },
    enabled: query.enabled ?? true,
    refetchInterval: query.refreshMillis ?? false,
    placeholderData: keepPreviousData,
  });
}
