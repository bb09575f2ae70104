import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePorts, RunningStack } from '@maru/testkit';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Ended, maru } from '../../packages/cli/test/maru.ts';
import { eventually, prometheusSeries } from '../support/query.ts';
import { StandInBoard } from './stand-in-board.ts';

// Three backends at three addresses, one of them no Maru: Debian's Prometheus has the metrics.
const directory = mkdtempSync(join(tmpdir(), 'maru-verify-'));
let stack: RunningStack;
let board: StandInBoard;
let prometheus: ChildProcess;
let prometheusUrl: string;

beforeAll(async () => {
  const [port = 0] = await freePorts(1);
  stack = await RunningStack.start();
  board = await StandInBoard.start(stack.otlpHttpUrl);
  const configuration = join(directory, 'prometheus.yml');
  writeFileSync(
    configuration,
    `global: {scrape_interval: 1s, scrape_timeout: 900ms}
scrape_configs: [{job_name: board-api, static_configs: [{targets: ["${board.address}"]}]}]
`,
  );
  const tsdb = `--storage.tsdb.path=${join(directory, 'tsdb')}`;
  const listen = `--web.listen-address=127.0.0.1:${port}`;
  prometheus = spawn('prometheus', [`--config.file=${configuration}`, listen, tsdb], {
    stdio: 'ignore',
    cwd: directory,
  });
  prometheusUrl = `http://127.0.0.1:${port}`;
  await eventually('Prometheus', () => fetch(prometheusUrl).catch(() => undefined));
  await prometheusSeries(prometheusUrl, 'http_server_request_duration_seconds_count');
});

afterAll(async () => {
  prometheus.kill('SIGKILL');
  await board.close();
  await stack.stop();
  rmSync(directory, { recursive: true, force: true });
});

function verify(...flags: readonly string[]): Promise<Ended> {
  return maru('verify', '--board', `http://${board.address}`, ...flags);
}

function backends(prometheusAddress: string): readonly string[] {
  return ['--tempo', stack.queryUrl, '--prometheus', prometheusAddress, '--loki', stack.queryUrl];
}

it('finds one login in a Tempo, a Prometheus and a Loki of their own addresses', async () => {
  const { code, stdout } = await verify(...backends(prometheusUrl), '--json');
  const { ok, signals, urls } = JSON.parse(stdout);
  expect(code).toBe(0);
  expect(ok).toBe(true);
  expect(signals.traces.services).toEqual(['board-web', 'board-api', 'MariaDB']);
  expect(signals.metrics).toMatchObject({ ok: true, movedBy: 1 });
  expect(signals.logs).toMatchObject({ ok: true, records: 1 });
  expect(Object.keys(urls)).toEqual(['tempo', 'prometheus', 'loki', 'board']);
});

it('says of a backend that has nothing which way to look', async () => {
  // Maru itself has no metric of this Board: Prometheus alone scrapes it.
  const { code, stdout } = await verify(...backends(stack.queryUrl), '--within', '10');
  expect(code).toBe(1);
  expect(stdout).toMatch(/✔ traces .*\n✘ metrics .*\n.*no series http_server_request_duration_seconds_count/);
  expect(stdout).toContain(`leads to what sends metrics on to ${stack.queryUrl}`);
  expect(stdout).toContain('then the log of the Collector');
});

it.each([
  [['--tempo', 'http://127.0.0.1:1'], 'maru verify of another stack needs --prometheus URL --loki URL too'],
  [['--loki', 'http://127.0.0.1:1', '--endpoint', 'http://127.0.0.1:1'], 'give one of the two'],
])('refuses %j, which would prove nothing', async (flags, message) => {
  const { code, stderr } = await verify(...flags);
  expect(code).toBe(2);
  expect(stderr).toContain(message);
});

it('has a Maru to put in front of such a stack: its file is one that can be served', async () => {
  const { code, stdout } = await maru(
    'config',
    'check',
    new URL('../../deploy/lgtm/maru.yaml', import.meta.url).pathname,
  );
  expect(code).toBe(0);
  expect(stdout.match(/^forwarded.*$/gm)).toHaveLength(3);
});
