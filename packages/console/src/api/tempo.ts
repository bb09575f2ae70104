import type { ResolvedRange } from '../model/timeRange.ts';
import type { OtlpTrace } from '../model/trace.ts';
import { ApiError, getJson } from './http.ts';

/** A found trace, as Tempo's search answers; zero values are left out by proto-JSON. */
export interface FoundTrace {
  /** Hex, without leading zeros. */
  readonly traceID: string;
  readonly rootServiceName?: string;
  readonly rootTraceName?: string;
  readonly startTimeUnixNano?: string;
  readonly durationMs?: number;
  readonly spanSets?: readonly { readonly spans?: readonly FoundSpan[]; readonly matched?: number }[];
  readonly serviceStats?: Readonly<
    Record<string, { readonly spanCount?: number; readonly errorCount?: number }>
  >;
}

export interface FoundSpan {
  readonly spanID?: string;
  readonly name?: string;
  readonly durationNanos?: string;
}

export interface SearchOptions {
  readonly limit: number;
  /** How many matching spans to return per trace. */
  readonly spansPerTrace?: number;
}

/** The traces with spans that the TraceQL query matches, newest first. */
export async function searchTraces(
  query: string,
  range: ResolvedRange,
  { limit, spansPerTrace = 1 }: SearchOptions,
  signal: AbortSignal,
): Promise<readonly FoundTrace[]> {
  const parameters = { q: query, limit, spss: spansPerTrace, ...seconds(range) };
  const answer = await getJson<{ traces?: FoundTrace[] }>('/api/search', parameters, signal);
  return answer.traces ?? [];
}

function seconds(range: ResolvedRange): { start: number; end: number } {
  return { start: Math.floor(range.startMillis / 1000), end: Math.ceil(range.endMillis / 1000) };
}

/** A trace by its hex id; undefined when it is not stored (Tempo answers 404 or an empty trace). */
export async function fetchTrace(traceId: string, signal: AbortSignal): Promise<OtlpTrace | undefined> {
  try {
    const answer = await getJson<{ trace?: OtlpTrace }>(
      `/api/v2/traces/${encodeURIComponent(traceId)}`,
      {},
      signal,
    );
    return answer.trace?.resourceSpans?.length ? answer.trace : undefined;
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return undefined;
    throw error;
  }
}

/** The names of the attributes seen in the range, with their scope (`span.http.route`). */
export async function fetchAttributeNames(
  range: ResolvedRange,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const answer = await getJson<{ scopes?: { name: string; tags?: string[] }[] }>(
    '/api/v2/search/tags',
    seconds(range),
    signal,
  );
  const scoped = (answer.scopes ?? []).filter((scope) => scope.name !== 'intrinsic');
  return scoped.flatMap(({ name, tags }) => (tags ?? []).map((tag) => `${name}.${tag}`)).sort();
}

/** The values of a tag (`resource.service.name`, `name`) in the range, among the spans that `query` matches. */
export async function fetchTagValues(
  tag: string,
  query: string,
  range: ResolvedRange,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const answer = await getJson<{ tagValues?: { value: string }[] }>(
    `/api/v2/search/tag/${encodeURIComponent(tag)}/values`,
    { q: query, limit: 500, ...seconds(range) },
    signal,
  );
  return (answer.tagValues ?? []).map(({ value }) => value).sort();
}
