import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ChildSpec } from './child-spec.ts';
import { Supervisor } from './supervisor.ts';

let dir: string;
let supervisor: Supervisor;
let said: string[];

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'maru-supervise-'));
  said = [];
  supervisor = new Supervisor({ logDir: dir, say: (child, line) => said.push(`${child}: ${line}`) });
});

afterEach(async () => {
  await supervisor.stop();
  rmSync(dir, { recursive: true, force: true });
});

/** A Node child that says it is ready, notes its SIGTERM in a file, and ends. */
function polite(name: string): ChildSpec {
  const code = `
    const { appendFileSync } = require('node:fs');
    process.on('SIGTERM', () => { appendFileSync(${JSON.stringify(join(dir, 'order'))}, '${name} '); process.exit(0); });
    setInterval(() => {}, 1000);
    process.send({ ready: true });`;
  return { name, command: process.execPath, args: ['-e', code], readiness: { kind: 'ipc' } };
}

function shell(name: string, script: string): ChildSpec {
  return { name, command: '/bin/sh', args: ['-c', script], readiness: { kind: 'started' } };
}

async function until(what: string, holds: () => boolean, withinMs = 30_000): Promise<void> {
  const deadline = performance.now() + withinMs;
  while (!holds()) {
    if (performance.now() > deadline) throw new Error(`not so within ${withinMs} ms: ${what}`);
    await delay(20);
  }
}

/** Whether a process is there and not merely waiting to be collected by its parent. */
function isAlive(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

function pidOf(name: string): number {
  const pid = supervisor.pids().get(name);
  if (pid === undefined) throw new Error(`${name} does not run`);
  return pid;
}

describe('starting', () => {
  it('waits until a child says over IPC that it is ready', async () => {
    await supervisor.start(polite('a'));
    expect(isAlive(pidOf('a'))).toBe(true);
  });

  it('tells how a child ended and what it said last when it does not get ready', async () => {
    const failing = { ...polite('a'), args: ['-e', 'console.error("the port is taken"); process.exit(3)'] };
    await expect(supervisor.start(failing)).rejects.toThrow(
      /^a did not start: .* exited with code 3\. .*\n {2}the port is taken$/,
    );
  });

  it('tells which program is not there', async () => {
    const missing = { ...shell('a', ''), command: '/nowhere/program', readiness: { kind: 'ipc' } } as const;
    await expect(supervisor.start(missing)).rejects.toThrow(
      'a did not start: /nowhere/program could not be started',
    );
  });

  it('gives up on a child that is never ready, and ends it', async () => {
    const never = {
      ...shell('a', 'sleep 60'),
      readiness: { kind: 'probe', isReady: async () => false },
      readyWithinMs: 100,
    } as const;
    await expect(supervisor.start(never)).rejects.toThrow('was not ready within 0.1 s');
    expect(isAlive(pidOf('a'))).toBe(false);
  });
});

describe('keeping alive', () => {
  it('starts a killed child again and says so', async () => {
    await supervisor.start(polite('a'));
    const first = pidOf('a');
    process.kill(first, 'SIGKILL');
    await until('it says that the child runs again', () => said.includes('a: is running again'));
    expect(said[0]).toBe('a: was ended by SIGKILL; starting it again in 0.25 s');
    expect(pidOf('a')).not.toBe(first);
  });

  it('leaves a child alone that may end by itself', async () => {
    await supervisor.start({ ...shell('a', 'exit 0'), restart: false });
    await until('the end is said', () => said.length > 0);
    expect(said).toEqual(['a: exited with code 0']);
  });

  it('writes every line to the log and loud ones to the terminal', async () => {
    await supervisor.start(shell('a', 'echo quiet words; echo "[ERROR] disk full"; sleep 60'));
    await until('the loud line is said', () => said.length > 0);
    expect(said).toEqual(['a: [ERROR] disk full']);
    expect(readFileSync(join(dir, 'a.log'), 'utf8')).toMatch(/Z quiet words\n.*Z \[ERROR\] disk full\n/);
  });
});

describe('stopping', () => {
  it('ends children in reverse order', async () => {
    await supervisor.start(polite('first'));
    await supervisor.start(polite('second'));
    await supervisor.stop();
    expect(readFileSync(join(dir, 'order'), 'utf8')).toBe('second first ');
  });

  it('kills a child that does not listen, and what it started, long before they would end', async () => {
    await supervisor.start(
      shell(
        'deaf',
        'trap "" TERM; sleep 61 & echo "$!" > "$0/grandchild"; wait; sleep 62'.replace('$0', dir),
      ),
    );
    await until('the grandchild runs', () => grandchild() !== undefined);
    const pids = [pidOf('deaf'), Number(grandchild())];
    const before = performance.now();
    await supervisor.stop();
    expect(performance.now() - before).toBeLessThan(30_000);
    await until('both are gone', () => !pids.some(isAlive), 20_000);
  });

  it('leaves no process behind when the parent itself is killed', async () => {
    const parent = spawn(process.execPath, ['--input-type=module-typescript', '-e', doomedParent()], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const pid = await new Promise<number>((resolve) =>
      parent.stdout.once('data', (text) => resolve(Number(text))),
    );
    expect(isAlive(pid)).toBe(true);
    parent.kill('SIGKILL');
    await until('the child is gone', () => !isAlive(pid), 20_000);
  });
});

function grandchild(): string | undefined {
  try {
    return readFileSync(join(dir, 'grandchild'), 'utf8').trim() || undefined;
  } catch {
    return undefined;
  }
}

/** A program that starts a child which knows nothing of its parent, prints the child's pid, and waits. */
function doomedParent(): string {
  const module = JSON.stringify(new URL('supervisor.ts', import.meta.url).href);
  return `
    const { Supervisor } = await import(${module});
    const supervisor = new Supervisor({ say() {} });
    await supervisor.start({ name: 'a', command: 'sleep', args: ['63'], readiness: { kind: 'started' } });
    console.log(supervisor.pids().get('a'));`;
}
