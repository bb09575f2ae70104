import { trace } from '@opentelemetry/api';
import type { FastifyRequest } from 'fastify';
import { findSession } from '../accounts/sessions.ts';
import type { User } from '../accounts/users.ts';
import type { Queries } from '../database/pool.ts';
import { readSessionToken } from './cookies.ts';
import { Refusal } from './errors.ts';

/** The account that the request is made by; undefined when it carries no living session. */
async function whoIs(queries: Queries, request: FastifyRequest): Promise<User | undefined> {
  const token = readSessionToken(request);
  const user = token === undefined ? undefined : await findSession(queries, token);
  if (user) trace.getActiveSpan()?.setAttribute('enduser.pseudo.id', String(user.id));
  return user;
}

/** The account that the request is made by. @throws Refusal 401 without one. */
export async function requireUser(queries: Queries, request: FastifyRequest): Promise<User> {
  const user = await whoIs(queries, request);
  if (!user) throw new Refusal(401, 'loginRequired');
  return user;
}

/** The admin that the request is made by. @throws Refusal 401 without a session, 403 when it is no admin's. */
export async function requireAdmin(queries: Queries, request: FastifyRequest): Promise<User> {
  const user = await requireUser(queries, request);
  if (!user.isAdmin) throw new Refusal(403, 'adminRequired');
  return user;
}
