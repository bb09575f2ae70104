import { createHmac, timingSafeEqual } from 'node:crypto';

/** How long a person stays signed in. */
export const sessionSeconds: number = 7 * 86_400;

/**
 * What a browser keeps in place of the key: which key was shown, until when that holds, and a mark that only this stack can make. A
 * browser sends its cookies to every port of a host, so that the key itself has no place in one.
 */
export function sessionToken(keyId: string, secret: string, nowMs: number): string {
  const claim = `${keyId}.${Math.floor(nowMs / 1000) + sessionSeconds}`;
  return `${claim}.${markOf(claim, secret)}`;
}

/** The id of the key that was shown; undefined when the token is none of ours or is over. */
export function keyOfSession(token: string, secret: string, nowMs: number): string | undefined {
  const [, claim = '', keyId, until, mark = ''] = /^(([0-9a-f]+)\.([0-9]+))\.([\w-]+)$/.exec(token) ?? [];
  const [given, expected] = [Buffer.from(mark), Buffer.from(markOf(claim, secret))];
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return undefined;
  return Number(until) * 1000 > nowMs ? keyId : undefined;
}

function markOf(claim: string, secret: string): string {
  return createHmac('sha256', secret).update(`session ${claim}`).digest('base64url');
}
