import { trace } from '@opentelemetry/api';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Database } from '../database/database.ts';
import { clearSessionCookie, readSessionToken, setSessionCookie } from '../http/cookies.ts';
import { Refusal } from '../http/errors.ts';
import { chooseLanguage, type TextKey, textFor } from '../http/texts.ts';
import { requireAdmin, requireUser } from '../http/who.ts';
import { logins, registrations } from '../telemetry/metrics.ts';
import { LoginLimit } from './login-limit.ts';
import type { PasswordHasher } from './passwords.ts';
import { closeSession, openSession } from './sessions.ts';
import { addUser, findUser, listUsers, type User } from './users.ts';

interface Credentials {
  readonly username: string;
  readonly password: string;
}

/** What login, logout and register answer, keys in this order. */
interface AccountBody {
  readonly is_admin: boolean;
  readonly message: string;
  readonly status: 'success' | 'error';
  readonly username: string;
}

const mostListedUsers = 500;

const loginSchema = {
  body: {
    type: 'object',
    required: ['username', 'password'],
    additionalProperties: false,
    properties: {
      username: { type: 'string', minLength: 1, maxLength: 64 },
      password: { type: 'string', minLength: 1, maxLength: 200 },
    },
  },
} as const;

const registerSchema = {
  body: {
    ...loginSchema.body,
    properties: {
      // Letters of any script, digits, and - _ . inside.
      username: {
        type: 'string',
        minLength: 2,
        maxLength: 32,
        pattern: '^[\\p{L}\\p{N}][\\p{L}\\p{N}._-]*$',
      },
      password: { type: 'string', minLength: 8, maxLength: 200 },
    },
  },
} as const;

/** Registers the routes of accounts and sessions. */
export function accountRoutes(app: FastifyInstance, database: Database, hasher: PasswordHasher): void {
  const limit = new LoginLimit();

  app.post<{ Body: Credentials }>(
    '/api/login',
    { schema: loginSchema },
    async function login(request, reply) {
      const { username, password } = request.body;
      const wait = limit.waitSeconds(username, request.ip);
      if (wait > 0) return refuseLimited(request, reply, wait);
      const found = await findUser(database.queries, username);
      if (!(await hasher.verify(password, found?.passwordHash)) || !found) {
        limit.fail(username, request.ip);
        return refuseCredentials(request, reply);
      }
      limit.succeed(username, request.ip);
      setSessionCookie(request, reply, await openSession(database.queries, found.user));
      return acceptLogin(request, found.user);
    },
  );

  app.post('/api/logout', async function logout(request, reply) {
    const token = readSessionToken(request);
    if (token !== undefined) await closeSession(database.queries, token);
    clearSessionCookie(request, reply);
    return { status: 'success', message: textFor('loggedOut', languageOf(request)) };
  });

  app.post<{ Body: Credentials }>(
    '/api/register',
    { schema: registerSchema },
    async function register(request, reply) {
      const { username, password } = request.body;
      const user = await addUser(database.queries, username, await hasher.hash(password));
      if (!user) throw new Refusal(409, 'usernameTaken');
      registrations.add(1);
      request.log.info({ 'enduser.pseudo.id': String(user.id) }, '회원 가입');
      setSessionCookie(request, reply, await openSession(database.queries, user));
      return reply.code(201).send(accountBody(request, user.username, false, 'registered', 'success'));
    },
  );

  app.get('/api/me', async function me(request) {
    const user = await requireUser(database.queries, request);
    return { id: user.id, username: user.username, is_admin: user.isAdmin };
  });

  app.get('/api/admin/users', async function adminUsers(request) {
    await requireAdmin(database.queries, request);
    const users = await listUsers(database.queries, mostListedUsers);
    return {
      users: users.map(({ id, username, isAdmin, createdAt, messages }) => ({
        id,
        username,
        is_admin: isAdmin,
        created_at: createdAt,
        messages,
      })),
    };
  });
}

function acceptLogin(request: FastifyRequest, user: User): AccountBody {
  logins.add(1, { result: 'success' });
  trace.getActiveSpan()?.setAttribute('enduser.pseudo.id', String(user.id));
  const text: TextKey = user.isAdmin ? 'adminLoggedIn' : 'loggedIn';
  // The log has one language, so that a search for an event finds every one of it.
  request.log.info({ 'enduser.pseudo.id': String(user.id) }, textFor(text, 'ko'));
  return accountBody(request, user.username, user.isAdmin, text, 'success');
}

function refuseCredentials(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  logins.add(1, { result: 'failure' });
  request.log.warn('로그인 실패');
  return reply.code(401).send(accountBody(request, usernameIn(request), false, 'badCredentials', 'error'));
}

function refuseLimited(request: FastifyRequest, reply: FastifyReply, waitSeconds: number): FastifyReply {
  logins.add(1, { result: 'limited' });
  request.log.warn({ retry_after_s: waitSeconds }, '로그인 시도 제한');
  reply.header('retry-after', waitSeconds);
  return reply.code(429).send(accountBody(request, usernameIn(request), false, 'tooManyAttempts', 'error'));
}

function usernameIn(request: FastifyRequest): string {
  const body = request.body;
  const named = typeof body === 'object' && body !== null && 'username' in body;
  return named && typeof body.username === 'string' ? body.username : '';
}

function accountBody(
  request: FastifyRequest,
  username: string,
  isAdmin: boolean,
  text: TextKey,
  status: AccountBody['status'],
): AccountBody {
  return { is_admin: isAdmin, message: textFor(text, languageOf(request)), status, username };
}

function languageOf(request: FastifyRequest) {
  return chooseLanguage(request.headers['accept-language']);
}
