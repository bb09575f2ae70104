import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePorts } from './stack/free-ports.ts';

const program = '/usr/bin/docker-registry';

/** Whether Debian's `docker-registry` is installed. */
export const hasDockerRegistry: boolean = existsSync(program);

/** A registry that runs, on loopback, without TLS and open to all. */
export interface RunningRegistry {
  readonly port: number;
  readonly close: () => Promise<void>;
}

/** Starts Debian's own registry on a free port and a directory of its own. Rejects when it does not answer within 20 s. */
export async function startDockerRegistry(): Promise<RunningRegistry> {
  const dir = mkdtempSync(join(tmpdir(), 'maru-registry-'));
  const [port = 0] = await freePorts(1);
  const storage = { filesystem: { rootdirectory: dir } };
  writeFileSync(
    join(dir, 'config.yml'),
    JSON.stringify({ version: 0.1, log: { level: 'error' }, storage, http: { addr: `127.0.0.1:${port}` } }),
  );
  const child = spawn(program, ['serve', join(dir, 'config.yml')], { stdio: 'ignore' });
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const close = async (): Promise<void> => {
    child.kill('SIGKILL');
    await gone;
    rmSync(dir, { recursive: true, force: true });
  };
  await answers(`http://127.0.0.1:${port}/v2/`);
  return { port, close };
}

async function answers(url: string): Promise<void> {
  const deadline = performance.now() + 20_000;
  for (;;) {
    const response = await fetch(url).catch(() => undefined);
    if (response?.ok) return;
    if (performance.now() > deadline) throw new Error(`${url} does not answer`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
