import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test } from 'vitest';
import { actions, chooseAction } from './actions.ts';
import { makeLoad } from './load.ts';
import { seededRandom } from './random.ts';
import { readSettings, SettingsError } from './settings.ts';

const servers: Server[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

/** A front end that answers everything with 200 and remembers what was asked. */
async function fakeBoard(): Promise<{ url: string; asked: string[] }> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    expect(request.headers.traceparent).toBeUndefined();
    request.resume().on('end', () => {
      response.writeHead(
        request.url?.includes('no-such') || request.url?.endsWith('/999999999') ? 404 : 200,
        {
          'content-type': 'application/json',
        },
      );
      response.end('{"items":[{"id":7}]}');
    });
  }).listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  const address = server.address();
  return { url: `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`, asked };
}

function settings(url: string, more: string[] = []) {
  return readSettings(['--url', url, '--rate', '100', '--users', '3', ...more]);
}

test('the same seed chooses the same, and all kinds of action come up', () => {
  const choose = (seed: number) => {
    const random = seededRandom(seed);
    return Array.from({ length: 2_000 }, () => chooseAction(random).name);
  };
  expect(choose(7)).toEqual(choose(7));
  expect(choose(7)).not.toEqual(choose(8));
  expect(new Set(choose(7))).toEqual(new Set(actions.map(({ name }) => name)));
});

test('it ends by itself and tells what came of it', async () => {
  const board = await fakeBoard();
  const summary = await makeLoad(settings(board.url, ['--duration', '1']), new AbortController().signal);
  expect(summary.asMeant).toBeGreaterThan(10);
  expect(summary.unreachable).toBe(0);
  expect(summary.seconds).toBeGreaterThanOrEqual(1);
  expect(summary.seconds).toBeLessThan(20);
  expect(board.asked.some((line) => line.startsWith('POST /api/login'))).toBe(true);
});

test('while the Board is away it backs off instead of hammering', async () => {
  const summary = await makeLoad(
    settings('http://127.0.0.1:9', ['--duration', '2']),
    new AbortController().signal,
  );
  expect(summary.unreachable).toBeGreaterThan(0);
  // At 100 a second without backing off there would be about 200.
  expect(summary.unreachable).toBeLessThan(20);
});

test('the program prints one line, ends at once on SIGTERM, and refuses a wrong option with 2', async () => {
  const board = await fakeBoard();
  const child = start(['--url', board.url, '--rate', '50']);
  while (board.asked.length === 0) await once(servers[0] ?? child, 'request');
  const started = performance.now();
  child.kill('SIGTERM');
  expect(await outcome(child)).toMatchObject({
    code: 0,
    output: expect.stringMatching(/^board-load: \d+ actions in .*\n$/),
  });
  expect(performance.now() - started).toBeLessThan(20_000);
  expect(await outcome(start(['--rate', '0']))).toEqual({
    code: 2,
    output: 'board-load: cannot use --rate 0: write a number from 0.01 to 200\n',
  });
});

test.each([
  ['--url', 'nowhere'],
  ['--users', '0'],
  ['--duration', 'x'],
  ['--no-such', '1'],
])('%s %s is refused', (...args) => {
  expect(() => readSettings(args)).toThrow(SettingsError);
});

function start(args: readonly string[]): ChildProcess {
  const main = fileURLToPath(new URL('main.ts', import.meta.url));
  return spawn(process.execPath, [main, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
}

async function outcome(child: ChildProcess): Promise<{ code: number | null; output: string }> {
  const chunks: string[] = [];
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk: Buffer) => chunks.push(chunk.toString()));
  await once(child, 'close');
  return { code: child.exitCode, output: chunks.join('') };
}
