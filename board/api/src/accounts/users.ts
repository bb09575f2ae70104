import type { Queries } from '../database/pool.ts';

/** An account, without its password hash. */
export interface User {
  readonly id: number;
  readonly username: string;
  readonly isAdmin: boolean;
}

/** An account as the admin page lists it. `createdAt` is UTC, ISO 8601. */
export interface ListedUser extends User {
  readonly createdAt: string;
  readonly messages: number;
}

interface UserRow {
  readonly id: number;
  readonly username: string;
  readonly password_hash: string;
  readonly is_admin: number;
}

/** The account of that name with its password hash; undefined when there is none. Names compare without case. */
export async function findUser(
  queries: Queries,
  username: string,
): Promise<{ user: User; passwordHash: string } | undefined> {
  const [row] = await queries.rows<UserRow>(
    'SELECT id, username, password_hash, is_admin FROM users WHERE username = ?',
    [username],
  );
  return row && { user: toUser(row), passwordHash: row.password_hash };
}

/** Makes an account; undefined when the name is taken. IGNORE keeps the name out of a duplicate-key error's text. */
export async function addUser(
  queries: Queries,
  username: string,
  passwordHash: string,
): Promise<User | undefined> {
  const result = await queries.change('INSERT IGNORE INTO users (username, password_hash) VALUES (?, ?)', [
    username,
    passwordHash,
  ]);
  return result.affectedRows === 1 ? { id: result.insertId, username, isAdmin: false } : undefined;
}

/** Makes `username` an admin with this password hash, whether or not the account exists. */
export async function putAdmin(queries: Queries, username: string, passwordHash: string): Promise<void> {
  await queries.change(
    `INSERT INTO users (username, password_hash, is_admin) VALUES (?, ?, TRUE)
     ON DUPLICATE KEY UPDATE password_hash = VALUES(password_hash), is_admin = TRUE`,
    [username, passwordHash],
  );
}

/** The first `limit` accounts with how many messages each has posted. */
export async function listUsers(queries: Queries, limit: number): Promise<ListedUser[]> {
  const rows = await queries.rows<UserRow & { created_at: string; messages: number }>(
    `SELECT u.id, u.username, u.is_admin, u.created_at, COUNT(m.id) AS messages
     FROM users u LEFT JOIN messages m ON m.author_id = u.id
     GROUP BY u.id ORDER BY u.id LIMIT ?`,
    [limit],
  );
  return rows.map((row) => ({ ...toUser(row), createdAt: toIso(row.created_at), messages: row.messages }));
}

/** MariaDB's `2026-01-31 12:00:00.000`, which is UTC in our sessions, as ISO 8601. */
export function toIso(dateTime: string): string {
  return `${dateTime.replace(' ', 'T')}Z`;
}

function toUser(row: Pick<UserRow, 'id' | 'username' | 'is_admin'>): User {
  return { id: row.id, username: row.username, isAdmin: row.is_admin === 1 };
}
