import type { ResolvedRange } from '../model/timeRange.ts';
import { getJson } from './http.ts';

/** A service over a range, as `/api/maru/services` answers; 64-bit numbers are decimal text. */
export interface ServiceSummary {
  readonly name: string;
  readonly requestsPerSecond: number;
  /** 0 to 1. */
  readonly errorRatio: number;
  readonly p50Nanos: string;
  readonly p95Nanos: string;
  readonly p99Nanos: string;
  readonly spans: string;
  readonly points: readonly ServicePoint[];
}

export interface ServicePoint {
  readonly timeUnixSeconds: number;
  readonly requests: number;
  readonly errors: number;
  readonly p95Nanos: string;
}

export type Signal = 'traces' | 'metrics' | 'logs';
export const signals: readonly Signal[] = ['traces', 'metrics', 'logs'];

/** What became of a signal's items since the stack's data directory began. */
export interface SignalCounts {
  readonly received: string;
  readonly rejected: string;
  readonly journaled: string;
  readonly stored: string;
  readonly dead: string;
  readonly waiting: string;
}

export interface Rejection {
  readonly timeUnixNano: string;
  readonly signal: string;
  readonly source: string;
  readonly reason: string;
  readonly count: string;
  readonly detail: string;
}

export interface Ledger {
  readonly signals: Readonly<Partial<Record<Signal, SignalCounts>>>;
  readonly rejections?: readonly Rejection[];
  readonly balanced: boolean;
}

export interface Status {
  readonly version: string;
  readonly otlpHttpPort: number;
  readonly otlpGrpcPort: number;
}

export async function fetchServices(
  range: ResolvedRange,
  signal: AbortSignal,
): Promise<readonly ServiceSummary[]> {
  const parameters = { start: Math.floor(range.startMillis / 1000), end: Math.ceil(range.endMillis / 1000) };
  const answer = await getJson<{ services?: ServiceSummary[] }>('/api/maru/services', parameters, signal);
  return answer.services ?? [];
}

export async function fetchLedger(signal: AbortSignal): Promise<Ledger> {
  return getJson<Ledger>('/api/ledger', {}, signal);
}

export async function fetchStatus(signal: AbortSignal): Promise<Status> {
  return getJson<Status>('/api/maru/status', {}, signal);
}
