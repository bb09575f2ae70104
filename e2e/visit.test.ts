import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePorts, type Running, startMaru, untilSaid } from '../packages/cli/test/maru.ts';
import { openBrowser } from './support/browser.ts';

// One person's visit to the Board, told by the console afterwards: from the browser's span down to the SQL.

let directory: string;
let running: Running;
let browser: Browser;
let context: BrowserContext;
let boardUrl: string;
let consoleUrl: string;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'maru-visit-'));
  const names = ['console', 'otlp-http', 'otlp-grpc', 'board', 'api', 'mariadb'];
  const ports = await freePorts(names.length);
  consoleUrl = `http://localhost:${ports[0]}`;
  boardUrl = `http://localhost:${ports[3]}`;
  const portFlags = names.flatMap((name, index) => [`--port-${name}`, `${ports[index]}`]);
  running = startMaru(['up', '--data', join(directory, 'data'), '--no-load', ...portFlags]);
  await untilSaid(running, 'Running until Ctrl-C', 240_000);
  browser = await openBrowser();
  context = await browser.newContext({ locale: 'ko-KR' });
  context.setDefaultTimeout(30_000);
});

afterAll(async () => {
  await browser?.close();
  running?.process.kill('SIGTERM');
  await running?.ended;
  rmSync(directory, { recursive: true, force: true });
});

describe('a visit to the Board', () => {
  let visit: Visit;
  let page: Page;
  let loginsBefore: number;

  it('logs in, posts, searches and switches a fault on, in a real browser', async () => {
    page = await context.newPage();
    loginsBefore = await loginCount();
    visit = await visitBoard(await context.newPage());
    expect(visit.traceId).toMatch(/^[0-9a-f]{32}$/);
  });

  it('is found in the console from the browser down to the SQL', async () => {
    await page.goto(`${consoleUrl}/traces`);
    await page.getByTestId('traceql').fill('{ resource.service.name = "board-web" }');
    await page.getByTestId('traceql').press('Enter');
    const row = page.locator(`[data-testid=trace-row][data-trace-id="${visit.traceId}"]`);
    await refreshUntilVisible(page, row);
    await row.click();
    await page.getByTestId('waterfall').waitFor();
    const services = page.locator('[data-testid=span-row]');
    await expectServices(services, ['board-web', 'board-api']);
    const statement = page.locator('[data-testid=span-row]', { hasText: /INSERT/ }).first();
    await statement.click();
    const details = page.getByTestId('span-details');
    expect(await details.textContent()).toContain(
      'INSERT INTO messages (author_id, title, body) VALUES (?, ?, ?)',
    );
    expect(await details.textContent()).not.toContain(visit.title);
  });

  it('leads from the trace to its logs', async () => {
    await page.goto(`${consoleUrl}/traces/${visit.loginTraceId}`);
    await page.getByTestId('trace-logs').click();
    const log = page
      .getByTestId('trace-log-list')
      .getByTestId('log-row')
      .filter({ hasText: '관리자 로그인 성공' });
    await refreshUntilVisible(page, log);
    expect(await log.count()).toBe(1);
  });

  it('moved the request metric by the logins of this visit', async () => {
    await expect.poll(loginCount, { timeout: 30_000 }).toBe(loginsBefore + 1);
    await page.goto(`${consoleUrl}/charts`);
    await page.getByTestId('metric-find').fill('http_server_request_duration');
    await page
      .locator('[data-testid=metric-pick][data-metric^="http_server_request_duration_seconds"]')
      .first()
      .click();
    await page.getByTestId('metric-chart').locator('canvas').first().waitFor();
  });

  it('shows the fault that was switched on', async () => {
    await page.goto(`${consoleUrl}/traces`);
    await page.getByTestId('traceql').fill('{ resource.service.name = "board-api" && duration > 700ms }');
    await page.getByTestId('traceql').press('Enter');
    await refreshUntilVisible(page, page.getByTestId('trace-row').first());
  });
});

interface Visit {
  /** The trace of posting the message. */
  readonly traceId: string;
  readonly loginTraceId: string;
  readonly title: string;
}

async function visitBoard(board: Page): Promise<Visit> {
  const title = `소식 ${Date.now()}`;
  await board.goto(`${boardUrl}/login`);
  await board.getByTestId('login-username').fill('admin');
  await board.getByTestId('login-password').fill('admin');
  const loginTraceId = await traceOf(board, '/api/login', () => board.getByTestId('login-submit').click());
  await board.getByTestId('user-name').waitFor();
  await board.getByTestId('nav-new').click();
  await board.getByTestId('message-title').fill(title);
  await board.getByTestId('message-body').fill('마루에 올리는 글');
  const traceId = await traceOf(board, '/api/messages', () => board.getByTestId('message-submit').click());
  await board.getByTestId('message').waitFor();
  await board.getByTestId('nav-home').click();
  await board.getByTestId('search-input').fill(title);
  await board.getByTestId('search-submit').click();
  await board.getByTestId('message-item').filter({ hasText: title }).waitFor();
  await switchLatencyOn(board);
  await board.getByTestId('nav-home').click();
  await board.getByTestId('message-item').first().waitFor();
  await board.close();
  return { traceId, loginTraceId, title };
}

async function switchLatencyOn(board: Page): Promise<void> {
  await board.getByTestId('nav-admin').click();
  await board.getByTestId('fault-latency-value').fill('900');
  await board.getByTestId('fault-latency-switch').click();
  await board.locator('[data-testid=fault-latency][data-enabled=true]').waitFor();
}

/** The trace that the browser gives the POST to a path while something is done. */
async function traceOf(board: Page, path: string, act: () => Promise<void>): Promise<string> {
  const sent = board.waitForRequest(
    (request) => request.method() === 'POST' && new URL(request.url()).pathname === path,
  );
  await act();
  return (await (await sent).headerValue('traceparent'))?.split('-')[1] ?? '';
}

/** Presses the console's refresh until something is there; what was sent a moment ago may be on its way. */
async function refreshUntilVisible(page: Page, wanted: ReturnType<Page['locator']>): Promise<void> {
  await expect
    .poll(
      async () => {
        if (await wanted.first().isVisible()) return true;
        await page.getByTestId('refresh').click();
        return false;
      },
      { timeout: 30_000, interval: 500 },
    )
    .toBe(true);
}

async function expectServices(
  spans: ReturnType<Page['locator']>,
  expected: readonly string[],
): Promise<void> {
  const services = new Set(
    await spans.evaluateAll((rows) => rows.map((row) => row.getAttribute('data-service'))),
  );
  expect([...services]).toEqual(expect.arrayContaining([...expected]));
}

async function loginCount(): Promise<number> {
  const query = 'sum(http_server_request_duration_seconds_count{http_route="/api/login"})';
  const answer = await fetch(`${consoleUrl}/api/v1/query?query=${encodeURIComponent(query)}`);
  const { data } = (await answer.json()) as {
    data: { result: readonly { value: readonly [number, string] }[] };
  };
  return Number(data.result[0]?.value[1] ?? 0);
}
