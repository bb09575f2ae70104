import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

/** The command as a person types it. */
export const maruScript: string = fileURLToPath(new URL('../../../maru', import.meta.url));

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A command that runs in the background. */
export interface Running {
  readonly process: ChildProcess;
  /** What it has written to standard error so far. */
  stderr(): string;
  readonly ended: Promise<Ended>;
}

/** Starts `./maru` with arguments; its packages are taken to be installed. */
export function startMaru(
  args: readonly string[],
  options: { script?: string; cwd?: string; env?: Record<string, string> } = {},
): Running {
  const env = { ...process.env, NO_COLOR: '1', ...options.env };
  const child = spawn(options.script ?? maruScript, args, {
    cwd: options.cwd,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const text = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    text.stdout += chunk;
  });
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    text.stderr += chunk;
  });
  const ended = new Promise<Ended>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, ...text }));
  });
  return { process: child, stderr: () => text.stderr, ended };
}

/** Runs `./maru` to its end. */
export function maru(...args: readonly string[]): Promise<Ended> {
  return startMaru(args).ended;
}

/** Ports that were free a moment ago. */
export async function freePorts(count: number): Promise<readonly number[]> {
  const servers = Array.from({ length: count }, () => createServer());
  const ports = await Promise.all(
    servers.map(
      (server) =>
        new Promise<number>((resolve) => {
          server.listen(0, '127.0.0.1', () => {
            const address = server.address();
            resolve(typeof address === 'object' && address !== null ? address.port : 0);
          });
        }),
    ),
  );
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

/** Waits until a command has said something on standard error. Throws what it said instead when it ends before. */
export async function untilSaid(running: Running, text: string, withinMs: number): Promise<void> {
  const hasEnded = (): boolean => running.process.exitCode !== null || running.process.signalCode !== null;
  await until(`it says "${text}"`, () => running.stderr().includes(text) || hasEnded(), withinMs);
  if (!running.stderr().includes(text)) throw new Error(`ended without "${text}":\n${running.stderr()}`);
}

/** Waits until something holds. Throws when it does not within the time. */
export async function until(what: string, holds: () => boolean, withinMs: number): Promise<void> {
  const deadline = performance.now() + withinMs;
  while (!holds()) {
    if (performance.now() > deadline) throw new Error(`not so within ${withinMs} ms: ${what}`);
    await delay(20);
  }
}

/** The command lines of running processes that mention a text, such as a data directory; zombies have none. */
export function processesMentioning(text: string): readonly string[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name) && name !== String(process.pid));
  const lines = pids.map((pid) => `${pid} ${read(`/proc/${pid}/cmdline`)} ${read(`/proc/${pid}/environ`)}`);
  return lines.filter((line) => line.includes(text)).map((line) => line.replaceAll('\0', ' ').slice(0, 200));
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
