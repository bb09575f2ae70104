import type { FastifyReply, FastifyRequest } from 'fastify';
import { sessionSeconds } from '../accounts/sessions.ts';

const cookieName = 'board_session';

/** The session token that the request carries; undefined when it has none or one that cannot be ours. */
export function readSessionToken(request: FastifyRequest): string | undefined {
  const cookie = (request.headers.cookie ?? '')
    .split(';')
    .map((pair) => pair.trim())
    .find((pair) => pair.startsWith(`${cookieName}=`));
  const token = cookie?.slice(cookieName.length + 1);
  return token && /^[\w-]{43}$/.test(token) ? token : undefined;
}

/** Gives the browser its session. Script cannot read it, and other sites' forms do not send it. */
export function setSessionCookie(request: FastifyRequest, reply: FastifyReply, token: string): void {
  reply.header('set-cookie', serialize(request, token, sessionSeconds));
}

/** Takes the session away from the browser. */
export function clearSessionCookie(request: FastifyRequest, reply: FastifyReply): void {
  reply.header('set-cookie', serialize(request, '', 0));
}

/** `Secure` only over https, so that the Board works on plain http inside a laptop or a cluster. */
function serialize(request: FastifyRequest, value: string, maxAgeSeconds: number): string {
  const secure = request.protocol === 'https' ? '; Secure' : '';
  return `${cookieName}=${value}; Path=/; Max-Age=${maxAgeSeconds}; HttpOnly; SameSite=Lax${secure}`;
}
