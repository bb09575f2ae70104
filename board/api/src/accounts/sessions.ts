import { createHash, randomBytes } from 'node:crypto';
import type { Queries } from '../database/pool.ts';
import { inSpan } from '../telemetry/spans.ts';
import type { User } from './users.ts';

/** How long a session lasts. */
export const sessionSeconds: number = 7 * 24 * 3_600;

/** Opens a session and returns its token, which goes into the cookie and is kept nowhere else. */
export async function openSession(queries: Queries, user: User): Promise<string> {
  return inSpan('session.create', { 'enduser.pseudo.id': String(user.id) }, async () => {
    const token = randomBytes(32).toString('base64url');
    await queries.change(
      'INSERT INTO sessions (token_hash, user_id, expires_at) VALUES (?, ?, UTC_TIMESTAMP(3) + INTERVAL ? SECOND)',
      [hashOf(token), user.id, sessionSeconds],
    );
    return token;
  });
}

/** The account whose session this token is; undefined when there is no such session or it has expired. */
export async function findSession(queries: Queries, token: string): Promise<User | undefined> {
  const [row] = await queries.rows<{ id: number; username: string; is_admin: number }>(
    `SELECT u.id, u.username, u.is_admin FROM sessions s JOIN users u ON u.id = s.user_id
     WHERE s.token_hash = ? AND s.expires_at > UTC_TIMESTAMP(3)`,
    [hashOf(token)],
  );
  return row && { id: row.id, username: row.username, isAdmin: row.is_admin === 1 };
}

/** Ends a session; does nothing when there is none. */
export async function closeSession(queries: Queries, token: string): Promise<void> {
  await queries.change('DELETE FROM sessions WHERE token_hash = ?', [hashOf(token)]);
}

/** Deletes expired sessions, at most 1,000 at a time so that the table is never locked for long. */
export async function sweepSessions(queries: Queries): Promise<number> {
  const result = await queries.change('DELETE FROM sessions WHERE expires_at <= UTC_TIMESTAMP(3) LIMIT 1000');
  return result.affectedRows;
}

function hashOf(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
