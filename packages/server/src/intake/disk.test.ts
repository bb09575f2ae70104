import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { contentTypes } from '@maru/otlp';
import { tracesRequest } from '@maru/testkit';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { parseConfig } from '../config/index.ts';
import { IntakeLink, intakeSocketPath } from '../link/index.ts';
import { defaultSettings } from '../settings.ts';
import { type Intake, startIntake } from './intake.ts';

const deadlineMs = 60_000;
const spansPerRequest = 10;

interface Answer {
  readonly status: number;
  readonly retryAfter: string | null;
}

function send(intake: Intake, seed: number): Promise<Answer> {
  return sendBody(intake, tracesRequest(seed, spansPerRequest));
}

async function sendBody({ httpPort }: Intake, body: Uint8Array): Promise<Answer> {
  const response = await fetch(`http://127.0.0.1:${httpPort}/v1/traces`, {
    method: 'POST',
    headers: { 'content-type': contentTypes.protobuf },
    body: Uint8Array.from(body),
  });
  await response.arrayBuffer();
  return { status: response.status, retryAfter: response.headers.get('retry-after') };
}

/** Sends until the answer has this status; gives the requests that were acknowledged on the way, and the answer. */
async function sendUntil(
  intake: Intake,
  status: number,
): Promise<{ readonly taken: number; readonly last: Answer }> {
  const end = performance.now() + deadlineMs;
  for (let taken = 0; performance.now() < end; taken += 1) {
    const last = await send(intake, taken);
    if (last.status === status) return { taken: status === 200 ? taken + 1 : taken, last };
    if (status === 200) {
      taken = -1;
      await delay(50);
    }
  }
  throw new Error(`no answer had the status ${status} within ${deadlineMs / 1000} s`);
}

function start(dataDir: string): Promise<Intake> {
  return startIntake({ ...defaultSettings, dataDir, otlpHttpPort: 0, otlpGrpcPort: 0 });
}

async function waitingSpans(
  dataDir: string,
): Promise<{ readonly waiting: number; readonly balanced: boolean }> {
  const link = new IntakeLink(intakeSocketPath(dataDir));
  try {
    const { signals, balanced } = await link.ledger();
    return { waiting: Number(signals.traces.waiting), balanced };
  } finally {
    link.close();
  }
}

const mounted: string[] = [];
/** A disk of its own needs a mount, which needs root on Linux. */
const mayMount = mount(mkdtempSync(join(tmpdir(), 'maru-probe-')), 1);

function mount(directory: string, mebibytes: number): boolean {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${mebibytes}m`, 'tmpfs', directory], {
      stdio: 'ignore',
    });
    mounted.push(directory);
    return true;
  } catch {
    return false;
  }
}

function unmountAll(): void {
  for (const directory of mounted.splice(0)) {
    execFileSync('umount', ['-l', directory]);
    rmSync(directory, { recursive: true, force: true });
  }
}

describe.skipIf(!mayMount)('on a disk of its own', () => {
  let intake: Intake | undefined;
  afterEach(async () => {
    await intake?.close().catch(() => undefined);
    intake = undefined;
    unmountAll();
  });

  function disk(mebibytes: number): string {
    const directory = mkdtempSync(join(tmpdir(), 'maru-disk-'));
    expect(mount(directory, mebibytes)).toBe(true);
    return directory;
  }

  test('a nearly full disk refuses with 503 and Retry-After, and takes again by itself once there is room', async () => {
    const dataDir = disk(600);
    intake = await start(dataDir);
    expect((await send(intake, 1)).status).toBe(200);
    const ballast = join(dataDir, 'ballast');
    writeFileSync(ballast, Buffer.alloc(120 * 1024 * 1024));
    const { taken, last } = await sendUntil(intake, 503);
    expect(last.retryAfter).toBe('5');
    await rm(ballast);
    await sendUntil(intake, 200);
    expect(await waitingSpans(dataDir)).toEqual({ waiting: (taken + 2) * spansPerRequest, balanced: true });
  });

  test('a disk that is full to the last byte refuses, and everything acknowledged is there after a restart', async () => {
    const dataDir = disk(700);
    intake = await start(dataDir);
    for (let seed = 0; seed < 5; seed += 1) expect((await send(intake, seed)).status).toBe(200);
    execFileSync('mount', ['-o', 'remount,size=1m', dataDir]);
    const { taken } = await sendUntil(intake, 503);
    await intake.close().catch(() => undefined);
    execFileSync('mount', ['-o', 'remount,size=700m', dataDir]);
    intake = await start(dataDir);
    expect(await waitingSpans(dataDir)).toEqual({ waiting: (5 + taken) * spansPerRequest, balanced: true });
    expect((await send(intake, 9)).status).toBe(200);
  });

  test('a destination that is away never fills it: what only it waits for is given up first, and counted', async () => {
    const dataDir = disk(560);
    const { forward } = parseConfig('forward: {to: {away: {endpoint: "http://127.0.0.1:1"}}}', 'maru.yaml');
    if (forward === undefined) throw new Error('there is nothing to forward to');
    intake = await startIntake({ ...defaultSettings, dataDir, forward, otlpHttpPort: 0, otlpGrpcPort: 0 });
    const link = new IntakeLink(intakeSocketPath(dataDir));
    try {
      const body = tracesRequest(1, 4_000);
      for (let round = 0; round < 40; round += 1) {
        expect((await sendBody(intake, body)).status).toBe(200);
        for (const segment of await link.seal('traces'))
          await link.loaded({ signal: 'traces', segment, stored: 4_000, dead: 0 });
        // The room on the disk is asked for once a second.
        if (round % 10 === 9) await delay(1_100);
      }
      const { destinations, signals, balanced } = await link.ledger();
      expect(signals.traces).toMatchObject({ stored: '160000', waiting: '0' });
      expect(balanced).toBe(true);
      expect(Number(destinations.away?.signals.traces?.droppedBy.disk_cap)).toBeGreaterThan(0);
      expect(Number(destinations.away?.signals.traces?.waiting)).toBeGreaterThan(0);
    } finally {
      link.close();
    }
  });

  test('a read-only disk is named at the start, in one sentence', async () => {
    const dataDir = disk(10);
    execFileSync('mount', ['-o', 'remount,ro', dataDir]);
    await expect(start(dataDir)).rejects.toThrow(/read-only/);
  });
});

describe('a clock that jumps', () => {
  afterEach(() => vi.useRealTimers());

  test('by years, forwards and back, loses and delays nothing', async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'maru-clock-'));
    vi.useFakeTimers({ toFake: ['Date'] });
    const intake = await start(dataDir);
    try {
      const year = 365 * 24 * 3600 * 1000;
      const jumps = [0, 3600_000, -3600_000, 10 * year, -20 * year, 5_000, -5_000];
      for (const [seed, jump] of jumps.entries()) {
        vi.setSystemTime(Date.now() + jump);
        expect((await send(intake, seed)).status).toBe(200);
      }
      expect(await waitingSpans(dataDir)).toEqual({
        waiting: jumps.length * spansPerRequest,
        balanced: true,
      });
    } finally {
      await intake.close();
      await rm(dataDir, { recursive: true, force: true });
    }
  });
});
