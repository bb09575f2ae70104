import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { freePorts } from './free-ports.ts';

/** A program of others at work, in a directory of its own. Who starts it stops it. */
export interface PeerProcess {
  readonly url: string;
  readonly pid: number;
  stop(): Promise<void>;
}

/** What is started. */
export interface PeerProgram {
  readonly program: string;
  /** Its configuration: the name of the file, and what stands in it. */
  readonly config: readonly [name: string, text: string];
  /** Its arguments, of its directory and of the address that it is to listen on. */
  readonly args: (directory: string, address: string) => readonly string[];
}

/** Starts a program of Prometheus's family. Throws when it is not ready within 30 s. */
export async function startPeer({ program, config, args }: PeerProgram): Promise<PeerProcess> {
  const directory = mkdtempSync(join(tmpdir(), 'maru-peer-'));
  writeFileSync(join(directory, config[0]), config[1]);
  const address = `127.0.0.1:${(await freePorts(1))[0]}`;
  const child = spawn(program, args(directory, address), { stdio: 'ignore' });
  const url = `http://${address}`;
  const stop = async (): Promise<void> => {
    await ended(child);
    rmSync(directory, { recursive: true, force: true });
  };
  try {
    await untilReady(`${url}/-/ready`);
  } catch (error) {
    await stop();
    throw error;
  }
  return { url, pid: child.pid ?? 0, stop };
}

/** Ends a program of others and resolves when it is gone. */
export function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.pid === undefined) return Promise.resolve();
  return new Promise((resolve) => {
    child.once('exit', () => resolve());
    child.kill('SIGKILL');
  });
}

/** Resolves when an address answers with success. Throws when it does not within 30 s. */
async function untilReady(url: string): Promise<void> {
  const end = performance.now() + 30_000;
  while (performance.now() < end) {
    const isReady = await fetch(url).then(
      ({ ok }) => ok,
      () => false,
    );
    if (isReady) return;
    await delay(50);
  }
  throw new Error(`${url} was not ready within 30 s`);
}
