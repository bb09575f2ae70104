import type { SessionResponse } from '@maru/api';
import { getJson, send } from './http.ts';

const path = '/api/maru/session';

export function fetchSession(signal: AbortSignal): Promise<SessionResponse> {
  return getJson<SessionResponse>(path, {}, signal);
}

/** Has the browser keep a cookie for the key. Rejects with an `ApiError` of status 401 when the key may not read. */
export async function signIn(key: string): Promise<void> {
  await send(path, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ key }),
  });
}

export async function signOut(): Promise<void> {
  await send(path, { method: 'DELETE' });
}
