import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serveRegistry } from './registry.ts';
import { type Running, serveWords } from './servers.ts';

const dockerRegistry = '/usr/bin/docker-registry';

/** Debian's own registry, on a port and a directory of this test. */
async function startDockerRegistry(): Promise<Running> {
  const dir = mkdtempSync(join(tmpdir(), 'maru-registry-'));
  // A port that was free a moment ago: the registry itself does not tell which it took.
  const { port, close: free } = await serveWords('');
  await free();
  const storage = { filesystem: { rootdirectory: dir } };
  writeFileSync(
    join(dir, 'config.yml'),
    JSON.stringify({ version: 0.1, log: { level: 'error' }, storage, http: { addr: `127.0.0.1:${port}` } }),
  );
  const child = spawn(dockerRegistry, ['serve', join(dir, 'config.yml')], { stdio: 'ignore' });
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

/** One of our own everywhere, and Debian's where its package is installed. */
export const registries: readonly {
  readonly name: string;
  readonly start: () => Promise<Running>;
  readonly here: boolean;
}[] = [
  { name: 'a registry of the test', start: () => serveRegistry(), here: true },
  { name: "Debian's docker-registry", start: startDockerRegistry, here: existsSync(dockerRegistry) },
];
