import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hasDockerRegistry, type RunningRegistry, startDockerRegistry } from '@maru/testkit';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Ended, startMaru } from '../test/maru.ts';
import { StandInDocker, type Standing } from '../test/stand-in-docker.ts';

const every = ['linux/amd64', 'linux/arm64'];
const hasSkopeo = spawnSync('skopeo', ['--version'], { stdio: 'ignore' }).status === 0;

let registry: RunningRegistry;
let docker: StandInDocker | undefined;

afterEach(() => {
  docker?.close();
  docker = undefined;
});

/** `./maru images` with a builder that plans and pushes these platforms. */
async function images(standing: Standing, ...args: readonly string[]): Promise<Ended> {
  docker = new StandInDocker(standing);
  const env = { PATH: `${docker.dir}:${process.env.PATH}`, NODE_BUILD: '', NODE_RUNTIME: '' };
  return startMaru(['images', ...args], { env }).ended;
}

describe.skipIf(!hasDockerRegistry || !hasSkopeo)(
  'with a real registry (needs docker-registry and skopeo)',
  () => {
    beforeAll(async () => {
      registry = await startDockerRegistry();
    });

    afterAll(async () => registry.close());

    const place = (tag: string): readonly string[] => [
      '--registry',
      `127.0.0.1:${registry.port}`,
      '--tag',
      tag,
    ];

    it('pushes every image for every platform and tells what the registry has', async () => {
      const { code, stdout } = await images({ planned: every, pushed: every }, 'push', ...place('1.0.0'));
      const lines = ['maru', 'board-api', 'board-web'].map(
        (name) => `127.0.0.1:${registry.port}/${name}:1.0.0: linux/amd64, linux/arm64\n`,
      );
      expect([code, stdout]).toEqual([0, lines.join('')]);
    }, 60_000);

    it('fails when the registry lacks a platform that was to be there', async () => {
      const standing = { planned: every, pushed: ['linux/arm64'] };
      const { code, stdout } = await images(standing, 'push', 'board-api', ...place('1.0.1'));
      expect(code).toBe(1);
      expect(stdout).toBe(`127.0.0.1:${registry.port}/board-api:1.0.1: linux/arm64; missing: linux/amd64\n`);
    }, 60_000);

    it('pushes nothing for one platform unless that was asked for', async () => {
      const standing = { planned: ['linux/arm64'], pushed: every };
      const refused = await images(standing, 'push', 'board-api', ...place('1.0.2'));
      expect(refused.code).toBe(1);
      expect(refused.stderr).toContain(
        `not pushed: 127.0.0.1:${registry.port}/board-api:1.0.2 (linux/arm64) would be for one platform only`,
      );
      const missing = await fetch(`http://127.0.0.1:${registry.port}/v2/board-api/manifests/1.0.2`);
      expect(missing.status).toBe(404);
      const asked = [...place('1.0.2'), '--platform', 'linux/amd64'];
      const pushed = await images({ planned: every, pushed: every }, 'push', 'board-api', ...asked);
      expect([pushed.code, pushed.stdout]).toEqual([
        0,
        `127.0.0.1:${registry.port}/board-api:1.0.2: linux/amd64\n`,
      ]);
    }, 60_000);
  },
);

it('says what to install where there is no docker buildx', async () => {
  // A docker without the plugin answers every word of it so.
  const dir = mkdtempSync(join(tmpdir(), 'maru-path-'));
  symlinkSync('/bin/false', join(dir, 'docker'));
  const env = { PATH: `${dir}:${process.env.PATH}` };
  const { code, stderr } = await startMaru(['images', 'build', '--registry', 'r.example.com', '--tag', '1'], {
    env,
  }).ended;
  rmSync(dir, { recursive: true, force: true });
  expect([code, stderr]).toEqual([1, expect.stringContaining('install Docker with its buildx plugin')]);
}, 30_000);

it('needs a registry and a tag, and platforms with an operating system', async () => {
  const run = async (...args: readonly string[]): Promise<Ended> => startMaru(['images', ...args]).ended;
  expect((await run('push')).stderr).toContain('./maru images needs --registry HOST and --tag TAG');
  const { code, stderr } = await run('push', '--registry', 'r', '--tag', '1', '--platform', 'arm64');
  expect([code, stderr]).toEqual([2, expect.stringContaining('but holds "arm64"')]);
}, 30_000);
