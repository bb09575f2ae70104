import { volumeQuery } from '../model/logql.ts';
import { type LogRecord, type LokiStream, logRecords } from '../model/logs.ts';
import type { MatrixSeries } from '../model/series.ts';
import { alignedSeconds, type ResolvedRange } from '../model/timeRange.ts';
import { getJson, type Parameters } from './http.ts';

/** Keeps index labels, structured metadata and parsed labels apart, and streams whole. */
const categorized = { 'X-Loki-Response-Encoding-Flags': 'categorize-labels' };

interface Envelope<Result> {
  readonly data: { readonly resultType: string; readonly result: readonly Result[] };
}

/** The newest `limit` lines of the range that the LogQL query selects, newest first. */
export async function queryLogs(
  query: string,
  range: ResolvedRange,
  limit: number,
  signal: AbortSignal,
): Promise<readonly LogRecord[]> {
  const parameters = { query, limit, direction: 'backward', ...nanos(range) };
  const { data } = await getJson<Envelope<LokiStream>>(
    '/loki/api/v1/query_range',
    parameters,
    signal,
    categorized,
  );
  return data.resultType === 'streams' ? logRecords(data.result) : [];
}

/** Lines per step and level. Each point counts the step that ends at it, as Loki's windows are `(t - step, t]`. */
export async function queryVolume(
  query: string,
  range: ResolvedRange,
  step: number,
  signal: AbortSignal,
): Promise<readonly MatrixSeries[]> {
  const { start, end } = alignedSeconds(range, step);
  const parameters: Parameters = {
    query: volumeQuery(query, step),
    step,
    start: `${start}000000000`,
    end: `${end}000000000`,
  };
  const { data } = await getJson<Envelope<MatrixSeries>>(
    '/loki/api/v1/query_range',
    parameters,
    signal,
    categorized,
  );
  return data.result;
}

/** The values of an index label in the range. */
export async function fetchLogLabelValues(
  label: string,
  range: ResolvedRange,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const path = `/loki/api/v1/label/${encodeURIComponent(label)}/values`;
  const answer = await getJson<{ data?: string[] }>(path, nanos(range), signal);
  return answer.data ?? [];
}

function nanos(range: ResolvedRange): { start: string; end: string } {
  return { start: `${Math.floor(range.startMillis)}000000`, end: `${Math.ceil(range.endMillis)}000000` };
}
