import type { Reader } from '@maru/store';
import type { SearchPlan } from '../plan/plan-search.ts';
import { findTraces } from './find-traces.ts';
import { type FoundSpans, readSpans } from './read-spans.ts';
import { summariseTraces, type TraceSummary } from './summarise-traces.ts';

export interface SearchLimits {
  /** Traces, newest first. */
  readonly traces: number;
  /** Spans shown of each trace. */
  readonly spansPerTrace: number;
}

/** A trace that was found, with the spans that match. */
export interface FoundTrace extends TraceSummary, FoundSpans {}

/** Runs a search in three reads: which traces, what they are, which of their spans match. */
export async function search(
  reader: Reader,
  plan: SearchPlan,
  limits: SearchLimits,
  signal?: AbortSignal,
): Promise<readonly FoundTrace[]> {
  const options = signal === undefined ? {} : { signal };
  const traceIds = await findTraces(reader, plan, limits.traces, options);
  if (traceIds.length === 0) return [];
  const [summaries, spans] = await Promise.all([
    summariseTraces(reader, plan.range, traceIds, options),
    readSpans(reader, plan, traceIds, limits.spansPerTrace, options),
  ]);
  return summaries
    .map((summary) => ({ ...summary, ...(spans.get(summary.traceId) ?? { matched: 0, spans: [] }) }))
    .sort((left, right) => Number(right.startTimeUnixNano - left.startTimeUnixNano));
}
