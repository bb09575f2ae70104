import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { segmentAccount } from '@maru/journal';
import { contentTypes, type Signal } from '@maru/otlp';
import { logsRequest, tracesRequest } from '@maru/testkit';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { IntakeLink, intakeSocketPath } from '../link/index.ts';
import { defaultSettings, type Settings, settingsVariable } from '../settings.ts';
import { type Intake, startIntake } from './intake.ts';

let dataDir: string;
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'maru-intake-'));
});
afterEach(() => rm(dataDir, { recursive: true, force: true }));

function settings(more: Partial<Settings> = {}): Settings {
  return { ...defaultSettings, dataDir, otlpHttpPort: 0, otlpGrpcPort: 0, ...more };
}

/** Starts an intake and a link to it, and ends both. */
async function withIntake(use: (intake: Intake, link: IntakeLink) => Promise<void>): Promise<void> {
  const intake = await startIntake(settings());
  const link = new IntakeLink(intakeSocketPath(dataDir));
  try {
    await use(intake, link);
  } finally {
    link.close();
    await intake.close();
  }
}

async function send(port: number, signal: Signal, body: Uint8Array): Promise<number> {
  const response = await fetch(`http://127.0.0.1:${port}/v1/${signal}`, {
    method: 'POST',
    headers: { 'content-type': contentTypes.protobuf },
    body: Uint8Array.from(body),
  });
  await response.arrayBuffer();
  return response.status;
}

function segmentFile(signal: Signal, number: number): string {
  return join(dataDir, 'journal', signal, `${String(number).padStart(12, '0')}.segment`);
}

test('what was acknowledged can be sealed, read, handed back, and is counted at each step', () =>
  withIntake(async ({ httpPort }, link) => {
    expect(await send(httpPort, 'traces', tracesRequest(1, 5))).toBe(200);
    expect((await link.ledger()).signals.traces).toMatchObject({
      received: '5',
      journaled: '5',
      waiting: '5',
    });
    expect(await link.seal('traces')).toEqual([1]);
    expect(await link.segments('traces')).toEqual([1]);
    expect((await segmentAccount(segmentFile('traces', 1))).items).toBe(5);
    await link.loaded({ signal: 'traces', segment: 1, stored: 4, dead: 1 });
    const report = await link.ledger();
    expect(report.signals.traces).toMatchObject({ stored: '4', dead: '1', waiting: '0' });
    expect(report.balanced).toBe(true);
    expect(report.services['board-api']).toMatchObject({ traces: { journaled: '5', rejected: '0' } });
    await expect(stat(segmentFile('traces', 1))).rejects.toThrow('ENOENT');
    expect(await link.segments('traces')).toEqual([]);
  }));

test('saying twice that a segment was loaded counts once', () =>
  withIntake(async ({ httpPort }, link) => {
    await send(httpPort, 'logs', logsRequest(1, 3));
    const [segment = 0] = await link.seal('logs');
    const notice = { signal: 'logs', segment, stored: 3, dead: 0 } as const;
    await Promise.all([link.loaded(notice), link.loaded(notice)]);
    await link.loaded(notice);
    await link.loaded({ ...notice, segment: 99 });
    const { signals, balanced } = await link.ledger();
    expect(signals.logs.stored).toBe('3');
    expect(balanced).toBe(true);
  }));

test('items that a load found neither sound nor refused count as dead', () =>
  withIntake(async ({ httpPort }, link) => {
    await send(httpPort, 'logs', logsRequest(1, 3));
    const [segment = 0] = await link.seal('logs');
    await link.loaded({ signal: 'logs', segment, stored: 1, dead: 0 });
    expect((await link.ledger()).signals.logs).toMatchObject({ stored: '1', dead: '2', waiting: '0' });
  }));

test('the ledger survives an orderly restart, rejections too', async () => {
  await withIntake(async ({ httpPort }) => {
    await send(httpPort, 'traces', tracesRequest(1, 5));
    expect(await send(httpPort, 'traces', Uint8Array.of(0xff))).toBe(400);
  });
  await withIntake(async (intake, link) => {
    const { signals, rejections, balanced } = await link.ledger();
    expect(signals.traces).toMatchObject({ received: '6', rejected: '1', journaled: '5', waiting: '5' });
    expect(rejections).toMatchObject([{ reason: 'malformed', source: 'loopback' }]);
    expect(balanced).toBe(true);
    expect(intake.messages).toEqual([]);
    expect(await link.seal('traces')).toEqual([1]);
  });
});

test('a ledger that was lost is counted again from the journal', async () => {
  await withIntake(async ({ httpPort }) => {
    await send(httpPort, 'traces', tracesRequest(1, 5));
  });
  await rm(join(dataDir, 'ledger.json'));
  await withIntake(async (_, link) => {
    const { signals, services, balanced } = await link.ledger();
    expect(signals.traces).toMatchObject({ journaled: '5', waiting: '5' });
    expect(services['board-api']?.traces?.journaled).toBe('5');
    expect(balanced).toBe(true);
  });
});

test('acknowledged items that damage destroyed are said and counted as dead', async () => {
  await withIntake(async ({ httpPort }) => {
    for (let seed = 0; seed < 3; seed++) await send(httpPort, 'traces', tracesRequest(seed, 5));
  });
  const open = segmentFile('traces', 1).replace('.segment', '.open');
  const bytes = await readFile(open);
  await writeFile(open, bytes.with(100, (bytes[100] ?? 0) ^ 1));
  await withIntake(async (intake, link) => {
    expect(intake.messages).toEqual([
      expect.stringContaining('2 sound requests were saved'),
      expect.stringContaining('5 acknowledged items of traces are not in the journal any more'),
    ]);
    const { signals, balanced } = await link.ledger();
    expect(signals.traces).toMatchObject({ journaled: '15', dead: '5', waiting: '10' });
    expect(balanced).toBe(true);
  });
});

describe('notices', () => {
  test('come after a commit, and after connecting for what was not sealed', () =>
    withIntake(async ({ httpPort }, link) => {
      await send(httpPort, 'logs', logsRequest(1, 1));
      const notices = link.notices();
      expect((await notices.next()).value).toBe('logs');
      const next = notices.next();
      await send(httpPort, 'traces', tracesRequest(1, 1));
      expect((await next).value).toBe('traces');
    }));

  test('survive a restart of intake', async () => {
    const link = new IntakeLink(intakeSocketPath(dataDir));
    const notices = link.notices();
    const first = notices.next();
    let intake = await startIntake(settings());
    await send(intake.httpPort, 'logs', logsRequest(1, 1));
    expect((await first).value).toBe('logs');
    await intake.close();
    const second = notices.next();
    intake = await startIntake(settings());
    await send(intake.httpPort, 'traces', tracesRequest(1, 1));
    expect((await second).value).toBe('traces');
    link.close();
    for await (const _ of notices) expect.unreachable('a closed link has no notices');
    await intake.close();
  });

  test('a call while intake is away says so', async () => {
    const link = new IntakeLink(intakeSocketPath(dataDir));
    await expect(link.ledger()).rejects.toThrow(/cannot reach intake at .*intake\.sock/);
    link.close();
  });
});

test('metrics are Prometheus text', () =>
  withIntake(async (_, link) => {
    expect(await link.metrics()).toContain('# TYPE maru_ledger_items_total counter');
  }));

test('one data directory has one intake', () =>
  withIntake(async () => {
    const lock = join(dataDir, 'run', 'intake.lock');
    expect(await readFile(lock, 'utf8')).toMatch(new RegExp(`^${process.pid} \\d+$`));
    const child = startProcess(0);
    const errors = await textOf(child);
    expect(errors).toContain(
      `the data directory ${dataDir} is in use by process ${process.pid}: stop that Maru first`,
    );
    expect(child.exitCode).toBe(1);
  }));

test.each([
  ['a process that is gone', '999999999 1'],
  ['another process that has its number now', `${process.pid} 1`],
  ['nobody, because the disk was full', ''],
])('a lock of %s is taken over', async (_, content) => {
  await withIntake(async () => undefined);
  await writeFile(join(dataDir, 'run', 'intake.lock'), content);
  await withIntake(async (_intake, link) => {
    expect((await link.ledger()).balanced).toBe(true);
  });
});

test('a port that is taken is named, and nothing stays locked or open', async () => {
  await withIntake(async ({ httpPort }) => {
    const other = await mkdtemp(join(tmpdir(), 'maru-intake-'));
    const start = startIntake(settings({ dataDir: other, otlpGrpcPort: httpPort }));
    await expect(start).rejects.toThrow(`cannot listen on 127.0.0.1:${httpPort}`);
    expect(await readdir(join(other, 'run'))).toEqual(['own.key']);
    await rm(other, { recursive: true });
  });
});

const mainPath = join(import.meta.dirname, 'main.ts');

function startProcess(otlpHttpPort: number): ChildProcess {
  return spawn(process.execPath, ['--disable-warning=ExperimentalWarning', mainPath], {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    env: { ...process.env, [settingsVariable]: JSON.stringify(settings({ otlpHttpPort })) },
  });
}

async function textOf(child: ChildProcess): Promise<string> {
  const chunks: Uint8Array[] = [];
  child.stderr?.on('data', (chunk: Uint8Array) => chunks.push(chunk));
  await once(child, 'close');
  return Buffer.concat(chunks).toString('utf8');
}

/** The port that a started intake printed. */
async function portOf(child: ChildProcess): Promise<number> {
  let text = '';
  for await (const chunk of child.stdout ?? []) {
    text += String(chunk);
    const port = /OTLP\/HTTP on [^:]+:(\d+)/.exec(text)?.[1];
    if (port !== undefined) return Number(port);
  }
  throw new Error(`intake ended before it was ready: ${text}`);
}

test('kill -9 under load: every acknowledged item is counted and in the journal', async () => {
  let acknowledged = 0;
  let sent = 0;
  for (let round = 0; round < 3; round++) {
    const child = startProcess(0);
    const exited = once(child, 'exit');
    const port = await portOf(child);
    const senders = Array.from({ length: 4 }, async () => {
      for (let count = 0; child.exitCode === null && child.signalCode === null; count++) {
        sent += 10;
        if ((await send(port, 'traces', tracesRequest(count, 10)).catch(() => 0)) === 200) acknowledged += 10;
        if (acknowledged > (round + 1) * 500) child.kill('SIGKILL');
      }
    });
    await Promise.all(senders);
    await exited;
  }
  await withIntake(async (_, link) => {
    const { signals, balanced } = await link.ledger();
    expect(balanced).toBe(true);
    expect(Number(signals.traces.journaled)).toBeGreaterThanOrEqual(acknowledged);
    expect(Number(signals.traces.journaled)).toBeLessThanOrEqual(sent);
    let items = 0;
    for (const number of await link.seal('traces'))
      items += (await segmentAccount(segmentFile('traces', number))).items;
    expect(items).toBe(Number(signals.traces.journaled));
  });
}, 60_000);

describe('the process', () => {
  test('says that it is ready, and ends on SIGTERM with code 0 and its socket gone', async () => {
    const child = startProcess(0);
    const [message] = await once(child, 'message');
    expect(message).toEqual({ ready: true });
    child.kill('SIGTERM');
    const [code] = await once(child, 'exit');
    expect(code).toBe(0);
    expect(await readdir(join(dataDir, 'run'))).toEqual(['own.key']);
  });

  test('ends when its parent is gone', async () => {
    const child = startProcess(0);
    await once(child, 'message');
    child.disconnect();
    const [code] = await once(child, 'exit');
    expect(code).toBe(0);
  });

  test('rests when nothing comes', async () => {
    const child = startProcess(0);
    await once(child, 'message');
    const before = await cpuTicks(child.pid ?? 0);
    await delay(1000);
    expect((await cpuTicks(child.pid ?? 0)) - before).toBeLessThan(10);
    child.kill('SIGTERM');
    await once(child, 'exit');
  });
});

/** Hundredths of a second that a process has computed. */
async function cpuTicks(pid: number): Promise<number> {
  const fields = (await readFile(`/proc/${pid}/stat`, 'utf8')).split(' ');
  return Number(fields[13]) + Number(fields[14]);
}
