import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { freePorts, maru } from '../../packages/cli/test/maru.ts';
import { eventually, prometheusSeries, tempoTrace } from '../support/query.ts';

// The tarball in an empty folder, as `npx maru serve` finds it: nothing of the repository is near.
const folder = mkdtempSync(join(tmpdir(), 'maru-npm-'));
const installed = join(folder, 'project');
let running: ChildProcess | undefined;

beforeAll(async () => {
  const packed = await maru('pack', '--out', join(folder, 'out'));
  if (packed.code !== 0) throw new Error(packed.stderr);
  mkdirSync(installed);
  writeFileSync(join(installed, 'package.json'), '{"private":true}');
  // The engine for other platforms is optional: a registry that does not answer for it must not be asked for minutes.
  const retries = ['--fetch-retries=1', '--fetch-retry-mintimeout=500'];
  const flags = ['--no-audit', '--no-fund', '--prefer-offline', '--no-package-lock', ...retries];
  await promisify(execFile)('npm', ['install', ...flags, packed.stdout.trim()], { cwd: installed });
});

afterAll(() => {
  running?.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

async function npx(...words: readonly string[]): Promise<string> {
  const { stdout } = await promisify(execFile)('npx', ['--no-install', 'maru', ...words], { cwd: installed });
  return stdout;
}

it('is small, and holds no sources, tests or packages of others', () => {
  const content = readdirSync(join(installed, 'node_modules/maru'), { recursive: true, encoding: 'utf8' });
  expect(content.filter((name) => /\.ts$|\.test\.|node_modules|testkit/.test(name))).toEqual([]);
  expect(content).toContain(join('packages', 'console', 'dist', 'index.html'));
});

it('knows the commands that need no checkout, and those alone', async () => {
  const help = await npx('help');
  for (const name of ['serve', 'verify', 'doctor', 'key', 'config'])
    expect(help).toMatch(new RegExp(` ${name}\\b`));
  for (const name of ['up', 'test', 'pack', 'bench']) expect(help).not.toMatch(new RegExp(`maru ${name}\\b`));
  expect(await npx('version')).toMatch(/^maru \d+\.\d+\.\d+, node v/);
});

it('serves: takes a span and a metric, answers for them, shows the console, ends in order', async () => {
  const [consolePort = 0, http = 0, grpc = 0] = await freePorts(3);
  const ports = ['--port-console', consolePort, '--port-otlp-http', http, '--port-otlp-grpc', grpc].map(
    String,
  );
  const url = `http://127.0.0.1:${consolePort}`;
  // The link that npx runs; without npx between, a signal reaches it as one from a service manager does.
  running = spawn(join(installed, 'node_modules/.bin/maru'), ['serve', ...ports], {
    cwd: installed,
    stdio: 'ignore',
  });
  await eventually('the stack', () =>
    fetch(`${url}/ready`).then(
      ({ ok }) => ok || undefined,
      () => undefined,
    ),
  );
  await send(`http://127.0.0.1:${http}/v1/traces`, {
    resourceSpans: [{ resource, scopeSpans: [{ spans: [span()] }] }],
  });
  await send(`http://127.0.0.1:${http}/v1/metrics`, {
    resourceMetrics: [{ resource, scopeMetrics: [{ metrics: [gauge()] }] }],
  });
  expect((await tempoTrace(url, traceId)).resourceSpans).toHaveLength(1);
  expect((await prometheusSeries(url, 'of_the_package'))[0]?.value[1]).toBe('7');
  expect(await (await fetch(url)).text()).toContain('<!doctype html>');
  expect(existsSync(join(installed, '.maru/data/journal'))).toBe(true);
  running.kill('SIGTERM');
  await expect.poll(() => running?.exitCode, { timeout: 20_000 }).toBe(0);
});

const traceId = '0af7651916cd43dd8448eb211c80319c';
const resource = { attributes: [{ key: 'service.name', value: { stringValue: 'package' } }] };

function span(): object {
  const time = `${Date.now()}000000`;
  return {
    traceId,
    spanId: 'b7ad6b7169203331',
    name: 'first',
    startTimeUnixNano: time,
    endTimeUnixNano: time,
  };
}

function gauge(): object {
  const point = { timeUnixNano: `${Date.now()}000000`, asDouble: 7 };
  return { name: 'of.the.package', gauge: { dataPoints: [point] } };
}

async function send(url: string, body: object): Promise<void> {
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
  expect(response.status).toBe(200);
}
