import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import {
  freePorts,
  processesMentioning,
  type Running,
  startMaru,
  until,
  untilSaid,
} from '../packages/cli/test/maru.ts';

/** What `./maru up --json` prints, as far as it is looked at. */
interface Document {
  readonly ok: boolean;
  readonly signals: Readonly<Record<'traces' | 'metrics' | 'logs', Found>>;
  readonly urls: Readonly<Record<string, string>>;
}

interface Found {
  readonly ok: boolean;
  readonly found: string;
  readonly visibleAfterMs: number;
  readonly traceId: string;
  readonly spans: number;
  readonly services: readonly string[];
  readonly movedBy: number;
}

/** Stands in the environment of everything that these tests start, so that what is left behind can be found. */
const mark = `maru-e2e-up-${process.pid}`;

let dir: string;
let portFlags: readonly string[];
let consolePort: number;
let boardPort: number;

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'maru-up-'));
  const names = ['console', 'otlp-http', 'otlp-grpc', 'board', 'api', 'mariadb'];
  const ports = await freePorts(names.length);
  portFlags = names.flatMap((name, index) => [`--port-${name}`, `${ports[index]}`]);
  [consolePort = 0, , , boardPort = 0] = ports;
});

afterAll(() => rmSync(dir, { recursive: true, force: true }));

const started: Running[] = [];

function startMarked(...args: readonly string[]): Running {
  const running = startMaru(args, { env: { MARU_TEST_MARK: mark } });
  started.push(running);
  return running;
}

function up(...flags: readonly string[]): Running {
  return startMarked('up', '--data', join(dir, 'data'), ...portFlags, ...flags);
}

/** What a test that failed left running holds the ports that the next one needs. */
afterEach(async () => {
  for (const { process: left, ended } of started.splice(0)) {
    left.kill('SIGKILL');
    await ended;
  }
  await until('everything is gone', () => leftBehind().length === 0, 20_000);
});

const runs = 'Running until Ctrl-C';
const leftBehind = (): readonly string[] => processesMentioning(mark);

describe('./maru up', () => {
  let firstTraceId: string;

  it('--once --json proves all three signals and leaves nothing behind', async () => {
    const { code, stdout, stderr } = await up('--once', '--json').ended;
    expect(code, stderr).toBe(0);
    const { ok, signals, urls }: Document = JSON.parse(stdout);
    expect(ok).toBe(true);
    expect(signals.traces.services).toEqual(['board-web', 'board-api', 'MariaDB']);
    expect(signals.traces.spans).toBeGreaterThanOrEqual(6);
    expect(signals.metrics.movedBy).toBe(1);
    expect(signals.logs.traceId).toBe(signals.traces.traceId);
    for (const { found, visibleAfterMs } of Object.values(signals)) {
      expect(found).not.toBe('');
      expect(visibleAfterMs).toBeGreaterThan(0);
    }
    expect(urls).toMatchObject({
      console: `http://localhost:${consolePort}`,
      board: `http://localhost:${boardPort}`,
    });
    expect(leftBehind()).toEqual([]);
    firstTraceId = signals.traces.traceId;
  });

  it('is ready in under 10 s the second time, keeps what was stored, brings back what falls, and ends on Ctrl-C', async () => {
    const begun = performance.now();
    const running = up();
    await untilSaid(running, 'Looking for one login', 10_000);
    expect(performance.now() - begun).toBeLessThan(10_000);
    await untilSaid(running, runs, 60_000);

    const trace = await fetch(`http://127.0.0.1:${consolePort}/api/v2/traces/${firstTraceId}`, {
      headers: { accept: 'application/json' },
    });
    expect(trace.status).toBe(200);

    process.kill(engineProcess(), 'SIGKILL');
    await untilSaid(running, 'engine: is running again', 20_000);
    expect(running.stderr()).toContain('engine: was ended by SIGKILL; starting it again in 0.25 s');

    const asked = performance.now();
    running.process.kill('SIGINT');
    expect((await running.ended).code).toBe(0);
    expect(performance.now() - asked).toBeLessThan(5_000);
    expect(leftBehind()).toEqual([]);
  });

  it('ends at once at the second Ctrl-C', async () => {
    const running = up('--no-load');
    await untilSaid(running, runs, 60_000);
    running.process.kill('SIGINT');
    await untilSaid(running, 'Stopping', 2_000);
    const asked = performance.now();
    running.process.kill('SIGINT');
    await running.ended;
    expect(performance.now() - asked).toBeLessThan(1_000);
    await until('everything is gone', () => leftBehind().length === 0, 20_000);
  });

  it('leaves nothing behind when it is killed itself', async () => {
    const running = up('--no-load');
    await untilSaid(running, runs, 60_000);
    running.process.kill('SIGKILL');
    await until('everything is gone', () => leftBehind().length === 0, 6_000);
  });

  it('ends in order when it is interrupted while it starts', async () => {
    const running = up();
    await untilSaid(running, '✔ MariaDB on', 20_000);
    running.process.kill('SIGTERM');
    expect((await running.ended).code).toBe(130);
    expect(leftBehind()).toEqual([]);
  });
});

describe('./maru verify', () => {
  it('holds against a running system, and names the stage when the telemetry goes elsewhere', async () => {
    const running = up('--no-load');
    await untilSaid(running, runs, 60_000);
    const [otherConsole, otlpHttp, otlpGrpc] = await freePorts(3);
    const otherPorts = [
      '--port-console',
      `${otherConsole}`,
      '--port-otlp-http',
      `${otlpHttp}`,
      '--port-otlp-grpc',
      `${otlpGrpc}`,
    ];
    const other = startMarked('up', '--no-board', '--data', join(dir, 'other'), ...otherPorts);
    await untilSaid(other, runs, 30_000);

    const board = ['--board', `http://127.0.0.1:${boardPort}`];
    const good = await startMaru(['verify', '--endpoint', `http://127.0.0.1:${consolePort}`, ...board]).ended;
    expect(good.code, good.stdout).toBe(0);
    expect(good.stdout.match(/^✔ /gm)).toHaveLength(3);

    const bad = await startMaru([
      'verify',
      '--endpoint',
      `http://127.0.0.1:${otherConsole}`,
      '--within',
      '2',
      ...board,
    ]).ended;
    expect(bad.code).toBe(1);
    expect(bad.stdout).toMatch(/^✘ traces {3}not visible within 2 s\n/);
    expect(bad.stdout).toContain(
      'the Board sends no logs to this stack; check its OTEL_EXPORTER_OTLP_ENDPOINT',
    );

    for (const one of [running, other]) one.process.kill('SIGINT');
    expect((await Promise.all([running.ended, other.ended])).map(({ code }) => code)).toEqual([0, 0]);
    expect(leftBehind()).toEqual([]);
  });
});

/** The process id of the engine that these tests started: it names itself, and its environment bears the mark. */
function engineProcess(): number {
  const pid = processesMentioning(mark)
    .find((line) => /^\d+ maru-engine/.test(line))
    ?.split(' ')[0];
  if (pid === undefined) throw new Error('the engine does not run');
  return Number(pid);
}
