import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { createKey, revokeKey } from '@maru/server/keys';
import { logsRequest, RunningStack } from '@maru/testkit';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { maru } from '../../packages/cli/test/maru.ts';
import { openBrowser } from '../support/browser.ts';
import { eventually } from '../support/query.ts';

// Whoever reads shows a key, from the first one on that reads: programs as bearer or basic, people in the console.

let stack: RunningStack;
let reader: Awaited<ReturnType<typeof createKey>>;
let writer: Awaited<ReturnType<typeof createKey>>;

beforeAll(async () => {
  stack = await RunningStack.start();
  expect((await get('/api/v1/labels')).status).toBe(200);
  reader = await createKey(stack.dataDir, 'grafana', [], { reads: true });
  await untilAsked();
});
afterAll(() => stack.stop());

function get(path: string, headers: Readonly<Record<string, string>> = {}): Promise<Response> {
  return fetch(`${stack.queryUrl}${path}`, { headers });
}

const bearer = (secret: string): Record<string, string> => ({ authorization: `Bearer ${secret}` });

function untilAsked(): Promise<true> {
  return eventually(
    'the key to be asked for',
    async () => (await get('/api/v1/labels')).status === 401 || undefined,
  );
}

function post(body: object, headers: Readonly<Record<string, string>> = {}): Promise<Response> {
  return fetch(`${stack.queryUrl}/api/maru/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
}

describe('programs', () => {
  test.each([
    '/api/v1/query?query=up',
    '/api/v1/targets',
    '/api/v1/status/buildinfo',
    '/api/echo',
    '/api/search',
    '/api/v2/search/tags',
    '/loki/api/v1/labels',
    '/api/maru/services',
    '/api/maru/status',
    '/api/maru/doctor',
    '/api/ledger',
    '/metrics',
    '/api/tail?signal=logs',
  ])('%s is answered 401 without a key, and not with one', async (path) => {
    const refused = await get(path);
    expect(refused.status).toBe(401);
    const stop = new AbortController();
    const { status } = await fetch(`${stack.queryUrl}${path}`, {
      headers: bearer(reader.secret),
      signal: stop.signal,
    });
    stop.abort();
    expect(status).not.toBe(401);
  });

  test('the key is taken as the password of basic authentication, as Grafana sends it', async () => {
    const basic = Buffer.from(`anyone:${reader.secret}`).toString('base64');
    expect((await get('/api/v1/labels', { authorization: `Basic ${basic}` })).status).toBe(200);
    const wrong = Buffer.from('anyone:wrong').toString('base64');
    expect((await get('/api/v1/labels', { authorization: `Basic ${wrong}` })).status).toBe(401);
  });

  test('a browser that opens an address asks for the key itself; what the console fetches does not make it ask', async () => {
    const challenge = async (mode: string | undefined): Promise<string | undefined> => {
      const headers = mode === undefined ? {} : { 'sec-fetch-mode': mode };
      const outgoing = request(`${stack.queryUrl}/api/v1/labels`, { headers, agent: false }).end();
      const [response] = (await once(outgoing, 'response')) as [IncomingMessage];
      response.resume();
      return response.headers['www-authenticate'];
    };
    const basic = 'Basic realm="Maru", charset="UTF-8"';
    expect(await challenge(undefined)).toBe(basic);
    expect(await challenge('navigate')).toBe(basic);
    expect(await challenge('same-origin')).toBe('Bearer realm="Maru"');
  });

  test('probes are answered whoever asks', async () => {
    for (const path of ['/live', '/ready']) expect((await get(path)).status).toBe(200);
  });

  test('a key that reads alone leaves the doors open, and opens nothing that is closed', async () => {
    const send = (headers: Record<string, string>): Promise<Response> =>
      fetch(`${stack.otlpHttpUrl}/v1/logs`, {
        method: 'POST',
        headers: { 'content-type': 'application/x-protobuf', ...headers },
        body: Uint8Array.from(logsRequest(1, 1)),
      });
    expect((await send({})).status).toBe(200);
    writer = await createKey(stack.dataDir, 'board');
    await eventually('the doors to ask', async () => (await send({})).status === 401 || undefined);
    expect((await send(bearer(reader.secret))).status).toBe(403);
    expect((await send(bearer(writer.secret))).status).toBe(200);
    expect((await get('/api/v1/labels', bearer(writer.secret))).status).toBe(401);
  });
});

test('the doctor reads back what it sent, and reads the ledger, with a key', async () => {
  const key = ['--header', `authorization=Bearer ${writer.secret}`];
  const reading = `authorization=Bearer ${reader.secret}`;
  const walk = ['doctor', 'otlp', stack.otlpHttpUrl, '--query', stack.queryUrl, '--within', '20', ...key];
  const read = await maru(...walk, '--query-header', reading);
  expect(read, read.stdout).toMatchObject({ code: 0 });
  const blind = await maru('doctor', '--stack', stack.queryUrl);
  expect(blind.stdout).toContain('HTTP 401');
  const seeing = await maru('doctor', '--stack', stack.queryUrl, '--header', reading);
  expect(seeing.stdout).not.toContain('HTTP 401');
}, 120_000);

describe('a session', () => {
  test('is kept by a cookie that no script reads and no other site uses, and that does not hold the key', async () => {
    const response = await post({ key: reader.secret });
    expect(response.status).toBe(204);
    const cookie = response.headers.get('set-cookie') ?? '';
    expect(cookie).toMatch(/^maru_session=[\w.-]+; Max-Age=604800; Path=\/; HttpOnly; SameSite=Strict$/);
    expect(cookie).not.toContain(reader.secret);
    const [pair = ''] = cookie.split(';');
    expect((await get('/api/v1/labels', { cookie: `other=1; ${pair}` })).status).toBe(200);
    const session = await (await get('/api/maru/session', { cookie: pair })).json();
    expect(session).toEqual({ required: true, signedIn: true });
    const send = await fetch(`${stack.otlpHttpUrl}/v1/logs`, {
      method: 'POST',
      headers: { cookie: pair },
      body: '{}',
    });
    expect(send.status).toBe(401);
  });

  test.each(['', 'x', 'maru_session=', 'maru_session=a.1.x', 'maru_session=00000000.9999999999.aaaa'])(
    'the cookie %j is none',
    async (cookie) => {
      expect((await get('/api/v1/labels', { cookie })).status).toBe(401);
      expect(await (await get('/api/maru/session', { cookie })).json()).toEqual({
        required: true,
        signedIn: false,
      });
    },
  );

  test('a cookie whose time or key was changed is none', async () => {
    const cookie = (await post({ key: reader.secret })).headers.get('set-cookie') ?? '';
    const [, id, until, mark] = /maru_session=(\w+)\.(\d+)\.([\w-]+)/.exec(cookie) ?? [];
    for (const changed of [`${id}.${Number(until) + 1}.${mark}`, `${writer.key.id}.${until}.${mark}`])
      expect((await get('/api/v1/labels', { cookie: `maru_session=${changed}` })).status).toBe(401);
  });

  test.each([[{ key: 'wrong' }], [{ key: '' }]])('%j opens none', async (body) => {
    const response = await post(body);
    expect(response.status).toBe(401);
    expect(response.headers.get('set-cookie')).toBeNull();
  });

  test('a key that only sends opens none, and a form of another site neither', async () => {
    expect((await post({ key: writer.secret })).status).toBe(401);
    expect((await post({ key: reader.secret }, { 'content-type': 'text/plain' })).status).toBe(400);
  });
});

describe('people', () => {
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  beforeAll(async () => {
    browser = await openBrowser();
    context = await browser.newContext({ locale: 'ko-KR', viewport: { width: 1100, height: 700 } });
    page = await context.newPage();
  });
  afterAll(() => browser?.close());

  test('see a page that asks for the key, in both languages and themes', async () => {
    await page.goto(`${stack.queryUrl}/logs`);
    await page.getByTestId('sign-in-key').waitFor();
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('로그인');
    await picture('ko-light');
    await page.getByTestId('language-switch').click();
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('Sign in');
    for (let press = 0; press < 2; press += 1) await page.getByTestId('theme-switch').click();
    await picture('en-dark');
  });

  test('are told when the key is wrong, and come to the page that they asked for when it is right', async () => {
    await page.getByTestId('sign-in-key').fill('wrong');
    await page.getByTestId('sign-in').click();
    await page.getByTestId('sign-in-problem').waitFor();
    await picture('en-refused');
    await page.getByTestId('sign-in-key').fill(reader.secret);
    await page.getByTestId('sign-in').click();
    await page.getByTestId('sign-out').waitFor();
    expect(new URL(page.url()).pathname).toBe('/logs');
    await picture('en-inside');
  });

  test('stay signed in over a new start of both processes, and are out when they leave', async () => {
    await stack.stopProcesses();
    await stack.restart();
    await page.reload();
    await page.getByTestId('sign-out').click();
    await page.getByTestId('sign-in-key').waitFor();
    expect((await context.cookies()).map(({ name }) => name)).not.toContain('maru_session');
  });

  test('are asked again when their key was revoked', async () => {
    await page.getByTestId('sign-in-key').fill(reader.secret);
    await page.getByTestId('sign-in').click();
    await page.getByTestId('sign-out').waitFor();
    await revokeKey(stack.dataDir, reader.key.id);
    await eventually('the key to be refused', async () => {
      const { status } = await get('/api/v1/labels', bearer(reader.secret));
      return status === 401 || undefined;
    });
    await page.goto(`${stack.queryUrl}/traces`);
    await page.getByTestId('sign-in-key').waitFor();
  });

  /** Kept where `MARU_PICTURES` says, to be looked at. */
  async function picture(name: string): Promise<void> {
    const directory = process.env.MARU_PICTURES;
    if (directory !== undefined) await page.screenshot({ path: `${directory}/sign-in-${name}.png` });
  }
});
