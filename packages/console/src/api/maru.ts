import type { DoctorResponse, LedgerResponse, ServiceSummary, Signal, StatusResponse } from '@maru/api';
import type { ResolvedRange } from '../model/timeRange.ts';
import { getJson } from './http.ts';

/** In the order in which the console lists them. */
export const signals: readonly Signal[] = ['traces', 'metrics', 'logs'];

export async function fetchServices(
  range: ResolvedRange,
  signal: AbortSignal,
): Promise<readonly ServiceSummary[]> {
  const parameters = { start: Math.floor(range.startMillis / 1000), end: Math.ceil(range.endMillis / 1000) };
  const answer = await getJson<{ services?: ServiceSummary[] }>('/api/maru/services', parameters, signal);
  return answer.services ?? [];
}

export async function fetchLedger(signal: AbortSignal): Promise<LedgerResponse> {
  return getJson<LedgerResponse>('/api/ledger', {}, signal);
}

export async function fetchStatus(signal: AbortSignal): Promise<StatusResponse> {
  return getJson<StatusResponse>('/api/maru/status', {}, signal);
}

export async function fetchDiagnosis(signal: AbortSignal): Promise<DoctorResponse> {
  return getJson<DoctorResponse>('/api/maru/doctor', {}, signal);
}
