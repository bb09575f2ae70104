import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, request as httpRequest, type IncomingHttpHeaders, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readFiles } from './files.ts';
import { webServer } from './server.ts';
import { readSettings, SettingsError } from './settings.ts';

interface Seen {
  readonly url: string;
  readonly method: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

const seen: Seen[] = [];
let directory: string;
let upstream: Server;
let web: Server;
let url: string;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'board-web-'));
  mkdirSync(join(directory, 'dist/assets'), { recursive: true });
  writeFileSync(join(directory, 'secret.txt'), 'secret');
  writeFileSync(join(directory, 'dist/index.html'), '<!doctype html><title>Board</title>');
  writeFileSync(join(directory, 'dist/assets/app-1.js'), `const text = '${'x'.repeat(2_000)}';`);
  upstream = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { url = '', method = '', headers } = request;
      seen.push({ url, method, headers, body: Buffer.concat(chunks).toString() });
      response.writeHead(201, { 'set-cookie': ['a=1', 'b=2'], 'x-upstream': 'yes', connection: 'close' });
      response.end('answer');
    });
  });
  const upstreamUrl = await listen(upstream);
  web = webServer(settingsFor(upstreamUrl, upstreamUrl), readFiles(join(directory, 'dist')));
  url = await listen(web);
});

afterAll(() => {
  web?.close();
  upstream?.close();
  rmSync(directory, { recursive: true, force: true });
});

function settingsFor(apiUrl: string, otlpUrl: string) {
  return readSettings({
    BOARD_API_URL: apiUrl,
    OTEL_EXPORTER_OTLP_ENDPOINT: otlpUrl,
    OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Bearer%20key, x-team = a',
  });
}

async function listen(server: Server): Promise<string> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
}

/** `fetch` tidies paths before it sends them; an attacker does not. */
async function getRaw(path: string): Promise<{ status: number; body: string }> {
  const request = httpRequest(`${url}/`, { path });
  request.end();
  const [response] = await once(request, 'response');
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk);
  return { status: response.statusCode, body: Buffer.concat(chunks).toString() };
}

describe('files', () => {
  test('pages are the one document, revalidated; assets are kept for good', async () => {
    for (const path of ['/', '/login', '/messages/12', '/messages/12/edit', '/admin?x=1']) {
      const response = await fetch(url + path);
      expect([path, response.status]).toEqual([path, 200]);
      expect(response.headers.get('cache-control')).toBe('no-cache');
      expect(response.headers.get('content-security-policy')).toContain("default-src 'self'");
      expect(await response.text()).toContain('<title>Board</title>');
    }
    const asset = await fetch(`${url}/assets/app-1.js`, { headers: { 'accept-encoding': 'gzip' } });
    expect(asset.headers.get('cache-control')).toContain('immutable');
    expect(asset.headers.get('content-encoding')).toBe('gzip');
    expect(await asset.text()).toHaveLength(2_016);
  });

  test('an unchanged file is 304, an unknown page 404, another method 405', async () => {
    const etag = (await fetch(url)).headers.get('etag') ?? '';
    expect((await fetch(url, { headers: { 'if-none-match': etag } })).status).toBe(304);
    expect((await fetch(`${url}/wp-login.php`)).status).toBe(404);
    expect((await fetch(url, { method: 'DELETE' })).status).toBe(405);
    const head = await fetch(url, { method: 'HEAD' });
    expect([head.status, await head.text()]).toEqual([200, '']);
  });

  test.each([
    '/../secret.txt',
    '/assets/../../secret.txt',
    '/%2e%2e/secret.txt',
    '/..%2fsecret.txt',
    '//secret.txt',
  ])('%s leads nowhere', async (path) => {
    const { status, body } = await getRaw(path);
    expect(status).toBe(404);
    expect(body).not.toContain('secret');
  });
});

describe('the API proxy', () => {
  test('passes method, path, query, body, trace context and cookies on, and the answer back', async () => {
    const response = await fetch(`${url}/api/messages?q=1`, {
      method: 'POST',
      body: '{"a":1}',
      headers: {
        'content-type': 'application/json',
        traceparent: '00-1',
        cookie: 's=1',
        'x-forwarded-for': '9.9.9.9',
      },
    });
    expect([response.status, await response.text()]).toEqual([201, 'answer']);
    expect(response.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
    const last = seen.at(-1);
    expect(last).toMatchObject({ url: '/api/messages?q=1', method: 'POST', body: '{"a":1}' });
    expect(last?.headers).toMatchObject({ traceparent: '00-1', cookie: 's=1', 'x-forwarded-proto': 'http' });
    expect(last?.headers['x-forwarded-for']).toBe('9.9.9.9, 127.0.0.1');
    expect(last?.headers.authorization).toBeUndefined();
  });

  test('refuses a body over 64 KB with 413, declared or not', async () => {
    const before = seen.length;
    const declared = await fetch(`${url}/api/messages`, { method: 'POST', body: 'x'.repeat(65_537) });
    expect(declared.status).toBe(413);
    const chunk = new TextEncoder().encode('x'.repeat(20_000));
    const stream = new ReadableStream({
      start(controller) {
        for (let index = 0; index < 4; index++) controller.enqueue(chunk);
        controller.close();
      },
    });
    const streamed = await fetch(`${url}/api/messages`, { method: 'POST', body: stream, duplex: 'half' });
    expect(streamed.status).toBe(413);
    expect(seen).toHaveLength(before);
  });

  test('answers 502 in the API’s shape while the API is away', async () => {
    const away = webServer(
      settingsFor('http://127.0.0.1:9', 'http://127.0.0.1:9'),
      readFiles(join(directory, 'dist')),
    );
    const response = await fetch(`${await listen(away)}/api/me`);
    expect(response.status).toBe(502);
    expect(await response.json()).toEqual({ status: 'error', message: 'the API cannot be reached now' });
    away.close();
  });
});

describe('the OTLP proxy', () => {
  test('passes the three signals on with our credentials and without the session', async () => {
    for (const signal of ['traces', 'logs', 'metrics']) {
      const response = await fetch(`${url}/otlp/v1/${signal}`, {
        method: 'POST',
        body: '{}',
        headers: { cookie: 's=1', authorization: 'theirs', 'content-type': 'application/json' },
      });
      expect(response.status).toBe(201);
      expect(seen.at(-1)).toMatchObject({ url: `/v1/${signal}`, body: '{}' });
      expect(seen.at(-1)?.headers).toMatchObject({ authorization: 'Bearer key', 'x-team': 'a' });
      expect(seen.at(-1)?.headers.cookie).toBeUndefined();
    }
  });

  test('passes nothing else on', async () => {
    const before = seen.length;
    expect((await fetch(`${url}/otlp/v1/traces`)).status).toBe(405);
    expect((await fetch(`${url}/otlp/v1/profiles`, { method: 'POST' })).status).toBe(404);
    expect((await getRaw('/otlp/v1/traces/../../api/x')).status).toBe(404);
    const large = await fetch(`${url}/otlp/v1/traces`, { method: 'POST', body: 'x'.repeat(1_048_577) });
    expect(large.status).toBe(413);
    expect(seen).toHaveLength(before);
  });
});

test.each([{ PORT: 'x' }, { BOARD_API_URL: 'nowhere' }, { OTEL_EXPORTER_OTLP_ENDPOINT: 'ftp://a' }])(
  'settings %j are refused',
  (environment) => {
    expect(() => readSettings(environment)).toThrow(SettingsError);
  },
);
