import { afterAll, beforeAll, expect, test } from 'vitest';
import { type BoardProcess, clientOf, poll, startBoard } from './board.ts';
import { startMariaDb, type TestDatabase } from './mariadb.ts';

let database: TestDatabase;
let board: BoardProcess | undefined;

beforeAll(async () => {
  database = await startMariaDb();
}, 60_000);

afterAll(async () => {
  await board?.end();
  await database?.close();
});

async function status(path: string): Promise<number> {
  return (await fetch((board?.url ?? '') + path)).status;
}

test('a database away at start or lost later is survived: 503, then all is well by itself', async () => {
  await database.kill();
  board = await startBoard({ BOARD_DATABASE_URL: database.url });
  expect(await status('/healthz')).toBe(200);
  expect(await status('/readyz')).toBe(503);
  expect(await status('/api/messages')).toBe(503);

  await database.start();
  await poll(async () => (await status('/readyz')) === 200);
  const client = clientOf(board.url);
  expect((await client.request('POST', '/api/login', { username: 'admin', password: 'admin' })).status).toBe(
    200,
  );

  await database.kill();
  const refused = await client.request('GET', '/api/messages');
  expect(refused.status).toBe(503);
  expect(refused.json).toMatchObject({ status: 'error', message: expect.stringContaining('데이터베이스') });
  expect(await status('/readyz')).toBe(503);
  expect(await status('/healthz')).toBe(200);

  await database.start();
  await poll(async () => (await status('/readyz')) === 200);
  expect((await client.request('GET', '/api/me')).json).toMatchObject({ username: 'admin' });
}, 90_000);

test('two instances that start together migrate once, and a changed migration is refused', async () => {
  await database.query('DROP DATABASE board');
  await database.create();
  const instances = await Promise.all([1, 2].map(() => startBoard({ BOARD_DATABASE_URL: database.url })));
  for (const { url } of instances) await poll(async () => (await fetch(`${url}/readyz`)).status === 200);
  expect(await database.query('SELECT version, name FROM schema_migrations')).toEqual([
    { version: 1, name: 'accounts' },
    { version: 2, name: 'messages' },
  ]);
  for (const instance of instances) expect(await instance.end()).toBe(0);

  await database.query("UPDATE schema_migrations SET checksum = REPEAT('0', 64) WHERE version = 2");
  const refusing = await startBoard({ BOARD_DATABASE_URL: database.url });
  await poll(() => refusing.output().includes('migration 2 (messages) has changed since it was applied'));
  expect((await fetch(`${refusing.url}/readyz`)).status).toBe(503);
  await refusing.end();
}, 90_000);
