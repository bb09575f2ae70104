import { randomBytes } from 'node:crypto';
import { UserError } from '../user-error.ts';
import { request } from './http.ts';
import type { ProbeRequest, Target } from './target.ts';

/**
 * Logs in at the Board's front end as its administrator, under a fresh trace. Throws a `UserError` when the Board
 * does not let us in: then there is nothing to prove.
 */
export async function logIn({ board, adminPassword }: Target): Promise<ProbeRequest> {
  const traceId = randomBytes(16).toString('hex');
  const [clickSpanId, fetchSpanId] = [randomBytes(8).toString('hex'), randomBytes(8).toString('hex')];
  const sentAt = performance.now();
  const sentUnixMs = performance.timeOrigin + sentAt;
  const response = await post(board, adminPassword, `00-${traceId}-${fetchSpanId}-01`);
  const text = await response.text();
  if (response.status !== 200) throw refused(board, response.status, text);
  const answeredUnixMs = performance.timeOrigin + performance.now();
  return { traceId, clickSpanId, fetchSpanId, sentAt, sentUnixMs, answeredUnixMs };
}

async function post(board: string, password: string, traceparent: string): Promise<Response> {
  try {
    return await request(`${board}/api/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'accept-language': 'ko', traceparent },
      body: JSON.stringify({ username: 'admin', password }),
    });
  } catch (thrown) {
    const why = thrown instanceof Error ? thrown.message : String(thrown);
    throw new UserError(
      `the Board cannot be asked: ${why}; start it with ./maru up, or say where it is with --board URL`,
    );
  }
}

function refused(board: string, status: number, text: string): UserError {
  const advice =
    status === 401
      ? 'set BOARD_ADMIN_PASSWORD to its administrator’s password'
      : 'look into the log of its API';
  return new UserError(`${board}/api/login answered ${status} (${text.slice(0, 120).trim()}); ${advice}`);
}
