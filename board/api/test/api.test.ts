import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type BoardProcess, clientOf, poll, runBoard, startBoard } from './board.ts';
import { startMariaDb, type TestDatabase } from './mariadb.ts';

let database: TestDatabase;
let board: BoardProcess;

beforeAll(async () => {
  database = await startMariaDb();
  board = await startBoard({ BOARD_DATABASE_URL: database.url });
  await poll(async () => (await fetch(`${board.url}/readyz`)).status === 200);
}, 60_000);

afterAll(async () => {
  await board?.end();
  await database?.close();
});

async function loggedIn(username: string, password: string) {
  const client = clientOf(board.url);
  const answer = await client.request('POST', '/api/login', { username, password });
  expect(answer.status).toBe(200);
  return client;
}

async function registered(username: string) {
  const client = clientOf(board.url);
  const answer = await client.request('POST', '/api/register', { username, password: 'password-1' });
  expect(answer.status).toBe(201);
  return client;
}

describe('accounts', () => {
  test('admin/admin logs in with exactly these bytes', async () => {
    const client = clientOf(board.url);
    const answer = await client.request('POST', '/api/login', { username: 'admin', password: 'admin' });
    expect(answer.text).toBe(
      '{"is_admin":true,"message":"관리자 로그인 성공","status":"success","username":"admin"}',
    );
    expect(client.lastCookie()).toMatch(
      /^board_session=[\w-]{43}; Path=\/; Max-Age=604800; HttpOnly; SameSite=Lax$/,
    );
    expect((await client.request('GET', '/api/me')).json).toEqual({
      id: 1,
      username: 'admin',
      is_admin: true,
    });
  });

  test('a wrong password and an unknown account are refused alike, in the same shape', async () => {
    const wrong = await clientOf(board.url).request('POST', '/api/login', {
      username: 'admin',
      password: 'no',
    });
    expect(wrong.status).toBe(401);
    expect(wrong.text).toBe(
      '{"is_admin":false,"message":"아이디 또는 비밀번호가 올바르지 않습니다","status":"error","username":"admin"}',
    );
    const unknown = await clientOf(board.url).request('POST', '/api/login', {
      username: 'nobody',
      password: 'no',
    });
    expect({ ...unknown.json, username: '' }).toEqual({ ...wrong.json, username: '' });
  });

  test('English is spoken when the browser prefers it', async () => {
    const english = { 'accept-language': 'en-US,en;q=0.9,ko;q=0.8' };
    const answer = await clientOf(board.url).request(
      'POST',
      '/api/login',
      { username: 'a', password: 'b' },
      english,
    );
    expect(answer.json).toMatchObject({ status: 'error', message: 'Wrong username or password' });
  });

  test('registering opens a session, a taken name is 409 whatever its case, logging out ends the session', async () => {
    const client = await registered('민수');
    expect((await client.request('GET', '/api/me')).json).toMatchObject({
      username: '민수',
      is_admin: false,
    });
    await registered('Taken');
    const again = await clientOf(board.url).request('POST', '/api/register', {
      username: 'taken',
      password: 'password-1',
    });
    expect(again.status).toBe(409);
    expect((await client.request('POST', '/api/logout')).status).toBe(200);
    expect((await client.request('GET', '/api/me')).status).toBe(401);
  });

  test.each([
    [{ username: 'x', password: 'password-1' }],
    [{ username: 'with space', password: 'password-1' }],
    [{ username: 'short-password', password: '1234567' }],
    [{ username: 'more', password: 'password-1', is_admin: true }],
    [{ username: ['a'], password: { $ne: '' } }],
    ['text'],
  ])('registration with %j is 400', async (body) => {
    expect((await clientOf(board.url).request('POST', '/api/register', body)).status).toBe(400);
  });

  test('the eleventh attempt after ten failures is 429 and says when to come back', async () => {
    await registered('guessed');
    const guess = () =>
      clientOf(board.url).request('POST', '/api/login', { username: 'guessed', password: 'no' });
    for (let index = 0; index < 10; index++) expect((await guess()).status).toBe(401);
    const limited = await guess();
    expect(limited.status).toBe(429);
    expect(Number(limited.headers.get('retry-after'))).toBeGreaterThan(0);
    const right = { username: 'guessed', password: 'password-1' };
    expect((await clientOf(board.url).request('POST', '/api/login', right)).status).toBe(429);
  }, 60_000);

  test('sessions are kept as hashes, and an expired one is none', async () => {
    const client = await registered('expiring');
    const token = client.lastCookie().slice('board_session='.length, 'board_session='.length + 43);
    const rows = await database.query(
      `SELECT 1 FROM sessions WHERE token_hash = UNHEX(SHA2('${token}', 256))`,
    );
    expect(rows).toHaveLength(1);
    await database.query(
      `UPDATE sessions SET expires_at = UTC_TIMESTAMP() WHERE token_hash = UNHEX(SHA2('${token}', 256))`,
    );
    expect((await client.request('GET', '/api/me')).status).toBe(401);
  });

  test('the list of users is for admins', async () => {
    const user = await registered('plain');
    expect((await user.request('GET', '/api/admin/users')).status).toBe(403);
    expect((await clientOf(board.url).request('GET', '/api/admin/users')).status).toBe(401);
    const admin = await loggedIn('admin', 'admin');
    const { text } = await admin.request('GET', '/api/admin/users');
    expect(text).toContain('"username":"plain"');
    expect(text).not.toContain('scrypt');
  });
});

describe('messages', () => {
  test('are posted, read, changed and deleted by their author', async () => {
    const client = await registered('author');
    const posted = await client.request('POST', '/api/messages', { title: ' 제목 ', body: '본문\n둘째 줄' });
    expect(posted.status).toBe(201);
    expect(posted.json).toMatchObject({ title: '제목', body: '본문\n둘째 줄', author: 'author' });
    const path = `/api/messages/${posted.json.id}`;
    expect((await clientOf(board.url).request('GET', path)).json).toEqual(posted.json);
    const edited = await client.request('PUT', path, { title: 'new', body: "'; DROP TABLE messages; --" });
    expect(edited.json).toMatchObject({ title: 'new', body: "'; DROP TABLE messages; --" });
    expect((await client.request('DELETE', path)).status).toBe(200);
    expect((await client.request('GET', path)).status).toBe(404);
  });

  test('of others are an admin’s to change and nobody else’s', async () => {
    const owner = await registered('owner');
    const { json } = await owner.request('POST', '/api/messages', { title: 't', body: 'b' });
    const path = `/api/messages/${json.id}`;
    const other = await registered('other');
    expect((await other.request('PUT', path, { title: 'x', body: 'x' })).status).toBe(403);
    expect((await other.request('DELETE', path)).status).toBe(403);
    expect((await clientOf(board.url).request('DELETE', path)).status).toBe(401);
    expect((await (await loggedIn('admin', 'admin')).request('DELETE', path)).status).toBe(200);
  });

  test('are paged newest first, and searched literally', async () => {
    const client = await registered('pager');
    for (const title of ['page-a', 'page-b', '100% page-c', 'page_d']) {
      await client.request('POST', '/api/messages', { title, body: 'p' });
    }
    const titles = async (query: string) => {
      const { json } = await client.request('GET', `/api/messages?${query}`);
      return { total: json.total, titles: (json.items as { title: string }[]).map(({ title }) => title) };
    };
    expect(await titles('q=page&size=2&page=1')).toEqual({ total: 4, titles: ['page_d', '100% page-c'] });
    expect(await titles('q=page&size=2&page=2')).toEqual({ total: 4, titles: ['page-b', 'page-a'] });
    expect(await titles('q=0%25')).toEqual({ total: 1, titles: ['100% page-c'] });
    expect(await titles('q=page_')).toEqual({ total: 1, titles: ['page_d'] });
    expect(await titles('q=%27%20OR%201%3D1')).toEqual({ total: 0, titles: [] });
  });

  test.each(['page=0', 'size=101', 'page=x', `q=${'x'.repeat(101)}`])(
    'a list with %s is 400',
    async (query) => {
      expect((await clientOf(board.url).request('GET', `/api/messages?${query}`)).status).toBe(400);
    },
  );

  test('too large a body is 413, another type 415, blank text 400', async () => {
    const client = await registered('limits');
    const post = (body: unknown) => client.request('POST', '/api/messages', body);
    expect((await post({ title: 't', body: 'x'.repeat(70_000) })).status).toBe(413);
    expect((await post({ title: 't', body: 'x'.repeat(4_001) })).status).toBe(400);
    expect((await post({ title: '  ', body: 'b' })).status).toBe(400);
    const form = await fetch(`${board.url}/api/messages`, {
      method: 'POST',
      body: new URLSearchParams({ title: 't' }),
    });
    expect(form.status).toBe(415);
  });
});

describe('faults', () => {
  test('are for admins, have bounds, and end by themselves', async () => {
    expect((await clientOf(board.url).request('GET', '/api/faults')).status).toBe(401);
    const admin = await loggedIn('admin', 'admin');
    const switchOn = (name: string, body: unknown) => admin.request('POST', `/api/faults/${name}`, body);
    expect((await switchOn('nothing', { enabled: true })).status).toBe(404);
    expect((await switchOn('latency', { enabled: true, seconds: 601 })).status).toBe(400);
    const started = performance.now();
    expect((await switchOn('error-rate', { enabled: true, seconds: 1, value: 5 })).text).toContain(
      '{"name":"error-rate","enabled":true,"value":1,',
    );
    expect((await admin.request('GET', '/api/messages')).status).toBe(500);
    await poll(async () => (await admin.request('GET', '/api/messages')).status === 200);
    expect(performance.now() - started).toBeGreaterThan(900);
  });

  test('slow SQL and N+1 change how the list is read, not what it says', async () => {
    const admin = await loggedIn('admin', 'admin');
    await admin.request('POST', '/api/messages', { title: 'same', body: 'same' });
    const before = await admin.request('GET', '/api/messages');
    await admin.request('POST', '/api/faults/n-plus-one', { enabled: true });
    expect((await admin.request('GET', '/api/messages')).text).toBe(before.text);
    await admin.request('POST', '/api/faults/n-plus-one', { enabled: false });
    await admin.request('POST', '/api/faults/slow-sql', { enabled: true, value: 0.4 });
    const started = performance.now();
    expect((await admin.request('GET', '/api/messages')).text).toBe(before.text);
    expect(performance.now() - started).toBeGreaterThan(390);
    await admin.request('POST', '/api/faults/slow-sql', { enabled: false });
  });

  test('an exhausted pool refuses requests, and can be ended while it is', async () => {
    const admin = await loggedIn('admin', 'admin');
    await admin.request('POST', '/api/faults/pool-exhausted', { enabled: true });
    const refused = await admin.request('GET', '/api/messages');
    expect(refused.status).toBe(503);
    expect(refused.headers.get('retry-after')).toBe('2');
    expect((await admin.request('POST', '/api/faults/pool-exhausted', { enabled: false })).status).toBe(200);
    expect((await admin.request('GET', '/api/messages')).status).toBe(200);
  });

  test('busy CPU and a log flood start and leave nothing behind', async () => {
    const admin = await loggedIn('admin', 'admin');
    await admin.request('POST', '/api/faults/cpu-busy', { enabled: true, value: 0.8 });
    await admin.request('POST', '/api/faults/log-flood', { enabled: true });
    expect((await fetch(`${board.url}/healthz`)).status).toBe(200);
    await poll(() => board.output().includes('"sequence":20,'));
    await admin.request('POST', '/api/faults/cpu-busy', { enabled: false });
    const { json } = await admin.request('POST', '/api/faults/log-flood', { enabled: false });
    expect((json.faults as { enabled: boolean }[]).filter(({ enabled }) => enabled)).toEqual([]);
  });
});

describe('the process', () => {
  test('says what it is', async () => {
    const { json } = await clientOf(board.url).request('GET', '/api/info');
    expect(json).toMatchObject({ service: 'board-api', database: expect.stringContaining('MariaDB') });
  });

  test('refuses production with the default password, in one sentence', async () => {
    const { code, output } = await runBoard({ NODE_ENV: 'production' });
    expect(code).toBe(1);
    expect(output).toBe(
      'board-api: cannot start in production with the default admin password: set BOARD_ADMIN_PASSWORD to a password of your own\n',
    );
  });

  test('ends with 0 on SIGTERM', async () => {
    const other = await startBoard({ BOARD_DATABASE_URL: database.url });
    expect(await other.end()).toBe(0);
  });
});
