/**
 * ClickHouse's HTTP interface over the engine in the process, as a process of its own. Its settings come as JSON in
 * `CLICKHOUSE_FIXTURE`; it tells its port over IPC.
 */
import { randomBytes, randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { openRawSession, type RawSession } from '@maru/store/raw-engine';
import { Answer } from './answer.ts';
import { addressOf, credentialsOf, readRequest, type StatementRequest } from './request.ts';
import type { FixtureSettings } from './running-clickhouse.ts';
import { localStatement } from './statement.ts';

const settings = JSON.parse(process.env.CLICKHOUSE_FIXTURE ?? '') as FixtureSettings;
const engineDirectory = join(settings.directory, 'engine');
const bodies = join(settings.directory, 'bodies');
mkdirSync(bodies, { recursive: true });
const engine = openRawSession(engineDirectory, settings.engineArguments);
await engine.run('SELECT 1', 'Null');

const kept = new Map<string, RawSession>();

const server = createServer((request, response) => void serve(request, response));
server.listen(settings.port, '127.0.0.1', () => {
  const address = server.address();
  process.send?.({ port: typeof address === 'object' ? address?.port : undefined });
});
process.on('disconnect', () => process.exit(0));

async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (addressOf(request).pathname === '/ping') return void response.end('Ok.\n');
  const tag = randomBytes(8).toString('hex');
  const isCompressed =
    addressOf(request).searchParams.get('enable_http_compression') === '1' &&
    /\bgzip\b/.test(String(request.headers['accept-encoding'] ?? ''));
  const answer = new Answer(response, tag, isCompressed);
  try {
    const { user, password } = credentialsOf(request);
    if (user !== settings.user || password !== settings.password)
      throw new Error(`Code: 516. DB::Exception: ${user}: Authentication failed. (AUTHENTICATION_FAILED)`);
    const wanted = await readRequest(request);
    const queryId = wanted.queryId ?? randomUUID();
    response.setHeader('X-ClickHouse-Query-Id', queryId);
    response.setHeader('X-ClickHouse-Exception-Tag', tag);
    response.setHeader('X-ClickHouse-Summary', '{"read_rows":"0","read_bytes":"0","written_rows":"0"}');
    const running = new AbortController();
    response.once('close', () => void endWhenLeft(response, wanted, queryId, running.signal));
    await execute(wanted, queryId, answer).finally(() => running.abort());
    answer.end();
  } catch (error) {
    answer.fail(error);
  }
}

/** A session a request, as settings must not outlive it (1 ms), but for those that the client names. */
async function execute(wanted: StatementRequest, queryId: string, answer: Answer): Promise<void> {
  refuseWhatIsDenied(wanted);
  const session = await sessionOf(wanted);
  const statement = localStatement(withVersion(wanted.statement), bodies, queryId);
  const format = statement.format ?? wanted.format ?? 'TabSeparated';
  try {
    if (/^\s*\/\*.*?\*\/\s*(?:SELECT|WITH|SHOW|DESCRIBE|EXPLAIN|EXISTS)\b/is.test(statement.text))
      await stream(session, statement.text, format, wanted, answer);
    else await session.run(statement.text, 'Null');
  } finally {
    statement.clean();
    if (wanted.sessionId === undefined) session.close();
  }
}

async function stream(
  session: RawSession,
  text: string,
  format: string,
  { waitsForTheEnd }: StatementRequest,
  answer: Answer,
): Promise<void> {
  const held: Uint8Array[] = [];
  for await (const piece of session.stream(text, format)) {
    if (answer.isGone) return;
    if (waitsForTheEnd) held.push(piece);
    else await answer.write(piece);
  }
  for (const piece of held) await answer.write(piece);
}

async function sessionOf({ sessionId, database, settings: wanted }: StatementRequest): Promise<RawSession> {
  const known = sessionId === undefined ? undefined : kept.get(sessionId);
  const session = known ?? openRawSession(engineDirectory, settings.engineArguments);
  if (sessionId !== undefined) kept.set(sessionId, session);
  try {
    if (database !== undefined) await session.run(`USE \`${database}\``, 'Null');
    for (const [name, value] of inOrder(wanted)) await session.run(`SET ${name} = ${quoted(value)}`, 'Null');
  } catch (error) {
    session.close();
    throw error;
  }
  return session;
}

/** After `readonly` no setting can be changed. */
function inOrder(wanted: ReadonlyMap<string, string>): readonly (readonly [string, string])[] {
  return [...wanted].sort(([one], [other]) => Number(one === 'readonly') - Number(other === 'readonly'));
}

function quoted(value: string): string {
  return `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'").replaceAll('\n', '\\n')}'`;
}

/** `cancel_http_readonly_queries_on_client_close`; a query may begin only after its client has left. */
async function endWhenLeft(
  response: ServerResponse,
  wanted: StatementRequest,
  queryId: string,
  done: AbortSignal,
): Promise<void> {
  if (
    response.writableFinished ||
    wanted.settings.get('cancel_http_readonly_queries_on_client_close') !== '1'
  )
    return;
  const text = `KILL QUERY WHERE query_id = '${queryId}' ASYNC`;
  while (!done.aborted) {
    await engine
      .run(localStatement(Buffer.from(text), bodies, randomUUID()).text, 'Null')
      .catch(() => undefined);
    await delay(20);
  }
}

function withVersion(statement: Buffer): Buffer {
  if (settings.version === undefined || !statement.includes('version()')) return statement;
  return Buffer.from(statement.toString().replace('version()', quoted(settings.version)));
}

/** What an operator's grants look like to a client. */
function refuseWhatIsDenied({ statement }: StatementRequest): void {
  const text = statement.subarray(0, 2_000).toString('latin1');
  for (const { pattern, error } of settings.denied)
    if (new RegExp(pattern).test(text)) throw new Error(error);
}
