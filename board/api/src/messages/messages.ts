import { toIso } from '../accounts/users.ts';
import type { ConnectionPool, Queries } from '../database/pool.ts';

/** A message as it is answered. Times are UTC, ISO 8601. */
export interface Message {
  readonly id: number;
  readonly title: string;
  readonly body: string;
  readonly author: string;
  readonly author_id: number;
  readonly created_at: string;
  readonly updated_at: string;
}

/** One page of messages, newest first. `total` counts all that match. */
export interface MessagePage {
  readonly items: readonly Message[];
  readonly page: number;
  readonly size: number;
  readonly total: number;
}

/** Which messages: page 1 is the newest; `q` is looked for in titles and bodies, empty for all. */
export interface MessageQuery {
  readonly page: number;
  readonly size: number;
  readonly q: string;
}

/** How the list is read: drills make it slow, or one query per author. */
export interface ReadingMode {
  /** Seconds the database sleeps inside the listing statement. */
  readonly sleepSeconds: number;
  /** Whether authors are read one by one instead of joined. */
  readonly authorsOneByOne: boolean;
}

type MessageRow = Message;

const columns = 'm.id, m.title, m.body, m.author_id, m.created_at, m.updated_at';
const matches = "(? = '' OR m.title LIKE ? OR m.body LIKE ?)";

const listJoined = `SELECT ${columns}, u.username AS author FROM messages m JOIN users u ON u.id = m.author_id
 WHERE ${matches} ORDER BY m.id DESC LIMIT ? OFFSET ?`;

const listSlowly = `SELECT ${columns}, u.username AS author FROM messages m JOIN users u ON u.id = m.author_id
 CROSS JOIN (SELECT SLEEP(?) AS slept) AS pause
 WHERE ${matches} ORDER BY m.id DESC LIMIT ? OFFSET ?`;

const listWithoutAuthors = `SELECT ${columns}, '' AS author FROM messages m
 WHERE ${matches} ORDER BY m.id DESC LIMIT ? OFFSET ?`;

/** Reads one page of messages. */
export async function listMessages(
  pool: ConnectionPool,
  query: MessageQuery,
  mode: ReadingMode,
): Promise<MessagePage> {
  const pattern = likePattern(query.q);
  const match = [query.q, pattern, pattern];
  const [counted] = await pool.rows<{ total: number }>(
    `SELECT COUNT(*) AS total FROM messages m WHERE ${matches}`,
    match,
  );
  const rows = await listRows(pool, [...match, query.size, (query.page - 1) * query.size], mode);
  return { items: rows.map(toMessage), page: query.page, size: query.size, total: counted?.total ?? 0 };
}

/** One message; undefined when there is none of that id. */
export async function findMessage(queries: Queries, id: number): Promise<Message | undefined> {
  const [row] = await queries.rows<MessageRow>(
    `SELECT ${columns}, u.username AS author FROM messages m JOIN users u ON u.id = m.author_id WHERE m.id = ?`,
    [id],
  );
  return row && toMessage(row);
}

/** Adds a message and returns its id. */
export async function addMessage(
  queries: Queries,
  authorId: number,
  title: string,
  body: string,
): Promise<number> {
  const result = await queries.change('INSERT INTO messages (author_id, title, body) VALUES (?, ?, ?)', [
    authorId,
    title,
    body,
  ]);
  return result.insertId;
}

/** Changes a message's text. */
export async function changeMessage(
  queries: Queries,
  id: number,
  title: string,
  body: string,
): Promise<void> {
  await queries.change(
    'UPDATE messages SET title = ?, body = ?, updated_at = UTC_TIMESTAMP(3) WHERE id = ?',
    [title, body, id],
  );
}

/** Deletes a message. */
export async function deleteMessage(queries: Queries, id: number): Promise<void> {
  await queries.change('DELETE FROM messages WHERE id = ?', [id]);
}

async function listRows(
  pool: ConnectionPool,
  values: readonly (string | number)[],
  mode: ReadingMode,
): Promise<MessageRow[]> {
  if (mode.authorsOneByOne)
    return withAuthors(pool, await pool.rows<MessageRow>(listWithoutAuthors, [...values]));
  if (mode.sleepSeconds > 0) return pool.rows<MessageRow>(listSlowly, [mode.sleepSeconds, ...values]);
  return pool.rows<MessageRow>(listJoined, [...values]);
}

/** The classic mistake, on purpose: one more query for each row of the first. */
async function withAuthors(queries: Queries, rows: readonly MessageRow[]): Promise<MessageRow[]> {
  const complete: MessageRow[] = [];
  for (const row of rows) {
    const [user] = await queries.rows<{ username: string }>('SELECT username FROM users WHERE id = ?', [
      row.author_id,
    ]);
    complete.push({ ...row, author: user?.username ?? '' });
  }
  return complete;
}

/** `%`, `_` and `\` in what a user typed stand for themselves. */
function likePattern(text: string): string {
  return `%${text.replace(/[\\%_]/g, '\\$&')}%`;
}

function toMessage(row: MessageRow): Message {
  return {
    id: row.id,
    title: row.title,
    body: row.body,
    author: row.author,
    author_id: row.author_id,
    created_at: toIso(row.created_at),
    updated_at: toIso(row.updated_at),
  };
}
