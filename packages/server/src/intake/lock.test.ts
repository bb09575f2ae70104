import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, test } from 'vitest';
import { DirectoryLock } from './lock.ts';

let dataDir: string;

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'maru-lock-'));
  mkdirSync(join(dataDir, 'run'));
});

afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

// What else may stand in a lock is tested with the whole intake, beside.
test.skipIf(process.platform !== 'linux')(
  'the lock of a process that has ended, but whose parent has not asked, is taken over',
  async () => {
    const { parent, pid, started } = await zombie();
    try {
      writeFileSync(join(dataDir, 'run', 'intake.lock'), `${pid} ${started}`);
      await (await DirectoryLock.take(dataDir)).release();
    } finally {
      parent.kill('SIGKILL');
    }
  },
);

/** A process that ends while its parent has become another program, which does not ask about children. */
async function zombie(): Promise<{ parent: ChildProcess; pid: number; started: string }> {
  const parent = spawn('sh', ['-c', 'sleep 0.2 & echo $!; exec sleep 60'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const pid = Number(
    await new Promise((resolve) => parent.stdout.once('data', (line) => resolve(String(line)))),
  );
  const deadline = performance.now() + 60_000;
  while (performance.now() < deadline) {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
    if (fields[0] === 'Z') return { parent, pid, started: fields[19] ?? '' };
    await delay(10);
  }
  throw new Error(`process ${pid} has not ended`);
}
