import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { freePorts, type Running, startMaru, untilSaid } from '../packages/cli/test/maru.ts';
import { openBrowser } from './support/browser.ts';

interface Diagnosis {
  readonly status: string;
  readonly findings: readonly {
    readonly id: string;
    readonly certainty: string;
    readonly about: string;
    readonly follows: readonly { readonly id: string }[];
    readonly evidence: readonly { readonly where: string; readonly text: string }[];
  }[];
}

const mark = `maru-e2e-doctor-${process.pid}`;
let dir = '';
let running: Running;
let stack = '';
let board = '';

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'maru-doctor-'));
  const names = ['console', 'otlp-http', 'otlp-grpc', 'board', 'api', 'mariadb'];
  const ports = await freePorts(names.length);
  const portFlags = names.flatMap((name, index) => [`--port-${name}`, `${ports[index]}`]);
  stack = `http://127.0.0.1:${ports[0]}`;
  board = `http://127.0.0.1:${ports[3]}`;
  running = startMaru(['up', '--data', join(dir, 'data'), ...portFlags], { env: { MARU_TEST_MARK: mark } });
  await untilSaid(running, 'Running until Ctrl-C', 120_000);
});

afterAll(async () => {
  running.process.kill('SIGINT');
  await running.ended;
  rmSync(dir, { recursive: true, force: true });
});

async function examine(): Promise<Diagnosis> {
  const words = ['doctor', '--json', '--service', 'board-api', '--stack', stack, '--data', join(dir, 'data')];
  // No kubeconfig of whoever runs the test.
  const { stdout, stderr } = await startMaru(words, { env: { KUBECONFIG: join(dir, 'none') } }).ended;
  if (stdout === '') throw new Error(stderr);
  return JSON.parse(stdout);
}

/** Looks again and again, as somebody would who waits for it; returns the diagnosis and how long it took. */
async function untilDiagnosed(
  isIt: (diagnosis: Diagnosis) => boolean,
): Promise<readonly [Diagnosis, number]> {
  const from = performance.now();
  for (;;) {
    const diagnosis = await examine();
    const seconds = (performance.now() - from) / 1_000;
    if (isIt(diagnosis)) return [diagnosis, seconds];
    if (seconds > 60) throw new Error(`not within a minute: ${JSON.stringify(diagnosis)}`);
  }
}

async function switchFault(name: string, enabled: boolean): Promise<void> {
  const login = await fetch(`${board}/api/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username: 'admin', password: 'admin' }),
  });
  const cookie = login.headers
    .getSetCookie()
    .map((one) => one.split(';')[0])
    .join('; ');
  const answer = await fetch(`${board}/api/faults/${name}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', cookie },
    body: JSON.stringify(enabled ? { enabled, seconds: 120 } : { enabled }),
  });
  expect(answer.status).toBe(200);
}

/** The console's page shows it to a person. */
async function expectOnPage(id: string): Promise<void> {
  const browser = await openBrowser();
  try {
    const page = await browser.newPage({ locale: 'ko-KR' });
    await page.goto(`${stack}/doctor`);
    await page.locator(`[data-finding="${id}"]`).first().waitFor({ timeout: 30_000 });
    expect(await page.locator('h1').textContent()).toBe('진단');
  } finally {
    await browser.close();
  }
}

const ids = ({ findings }: Diagnosis): readonly string[] =>
  findings.flatMap(({ id, follows }) => [id, ...follows.map((one) => one.id)]);

it('the Board as it is started is healthy', async () => {
  const [diagnosis] = await untilDiagnosed(({ status }) => status === 'healthy');
  expect(diagnosis.findings).toEqual([]);
});

it('that its telemetry has stopped is found within a minute', async () => {
  await switchFault('telemetry-stopped', true);
  const [diagnosis, seconds] = await untilDiagnosed((one) => ids(one).includes('arrival-stopped'));
  console.log(`telemetry-stopped: found after ${seconds.toFixed(1)} s`);
  expect(diagnosis.findings[0]).toMatchObject({
    id: 'arrival-stopped',
    certainty: 'certain',
    about: 'board-api',
  });
  expect(diagnosis.findings[0]?.evidence.map(({ text }) => text).join('\n')).toContain('board-api runs');
  const page = await fetch(`${stack}/api/maru/doctor`);
  expect(ids((await page.json()) as Diagnosis)).toContain('arrival-stopped');
  await expectOnPage('arrival-stopped');
  await switchFault('telemetry-stopped', false);
  await untilDiagnosed(({ status }) => status === 'healthy');
});

it('that it sends to a wrong endpoint is found within a minute, by its own words and the ledger', async () => {
  await switchFault('telemetry-wrong-endpoint', true);
  const [diagnosis, seconds] = await untilDiagnosed((one) => ids(one).includes('otlp-refused'));
  console.log(`telemetry-wrong-endpoint: found after ${seconds.toFixed(1)} s`);
  expect(diagnosis.findings[0]).toMatchObject({ id: 'otlp-refused' });
  expect(diagnosis.findings[0]?.evidence[0]?.text).toContain('127.0.0.1:9');
  expect(diagnosis.findings[0]?.follows.map(({ id }) => id)).toContain('arrival-stopped');
  await switchFault('telemetry-wrong-endpoint', false);
  await untilDiagnosed(({ status }) => status === 'healthy');
});
