import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { alsoIn } from '../box.ts';
import { environmentOf, type Running, renderedContainer, startCommand } from '../container.ts';
import { type Image, images } from '../dockerfile.ts';
import { Hosts, whyNoHosts } from '../network/hosts.ts';
import { importBases } from './bases.ts';
import { Buildah, canBuild, type ImageConfiguration } from './buildah.ts';

// Each Dockerfile's steps in a clean root file system, and what came of them started as user 10001 on its own, read-only root
// file system, in a network of its own: by hand with MARU_IMAGES=1, for it takes minutes and some 5 GB under the temporary folder.
const isWanted = process.env.MARU_IMAGES === '1';
const why =
  isWanted && canBuild() ? whyNoHosts() : 'MARU_IMAGES is not 1, or no root, buildah and debootstrap';

const minutes = 60_000;
const containerOf: Readonly<Record<Image, string>> = { maru: 'maru', 'board-api': 'api', 'board-web': 'web' };

let directory = '';
let buildah: Buildah;
let bases: Readonly<Record<string, string>>;
let hosts: Hosts | undefined;
let running: Running | undefined;

describe.skipIf(why !== undefined)(
  'each image, built by buildah (needs MARU_IMAGES=1, root, buildah)',
  () => {
    beforeAll(async () => {
      directory = mkdtempSync(join(tmpdir(), 'maru-images-'));
      buildah = new Buildah(directory);
      bases = await importBases(buildah, directory);
    }, 20 * minutes);

    afterEach(() => {
      running?.child.kill('SIGKILL');
      hosts?.close();
    });

    afterAll(async () => {
      await buildah.close();
      rmSync(directory, { recursive: true, force: true });
    }, 5 * minutes);

    it.each(images)(
      '%s is built, starts, and its own health check says so',
      {
        timeout: 30 * minutes,
      },
      async (image) => {
        await buildah.build(image, bases);
        const configuration = await buildah.configurationOf(image);
        expectDescribed(image, configuration);
        const root = await buildah.mount(image);
        expectClean(root);
        hosts = new Hosts(['image']);
        running = start(image, configuration, root, hosts.network('image'));
        expect(await healthOf(configuration, running)).toBe('healthy');
        running.child.kill('SIGTERM');
        await expect.poll(() => running?.child.exitCode, { timeout: 20_000 }).toBe(0);
      },
    );
  },
);

function expectDescribed(image: Image, { User, Labels, Healthcheck }: ImageConfiguration): void {
  expect(User).toBe('10001:10001');
  expect(Healthcheck?.Test[0]).toBe('CMD');
  expect(Labels).toMatchObject({
    'org.opencontainers.image.title': image,
    'org.opencontainers.image.version': '0.1.0',
    'org.opencontainers.image.revision': 'trial',
    'org.opencontainers.image.licenses': 'Apache-2.0',
  });
}

/** What only the build needs is not in what is shipped. */
function expectClean(root: string): void {
  for (const path of ['usr/local/bin/npm', 'app/.npmrc', 'app/e2e', 'app/node_modules/vitest', 'root/.npm'])
    expect(existsSync(join(root, path)), path).toBe(false);
}

function start(
  image: Image,
  { Entrypoint, Cmd, Env, WorkingDir }: ImageConfiguration,
  root: string,
  network: string,
): Running {
  const rendered = renderedContainer(containerOf[image]);
  const own = Object.fromEntries(Env.map((pair) => pair.split(/=(.*)/s).slice(0, 2)));
  const environment = { ...own, ...environmentOf(rendered) };
  const command = [...Entrypoint, ...(rendered.container.args ?? Cmd ?? [])];
  return startCommand(command, environment, { user: 10001, directory: WorkingDir, root, network });
}

/** Runs the image's health check in its container until it is well; else what the program said. */
async function healthOf({ Healthcheck, WorkingDir }: ImageConfiguration, one: Running): Promise<string> {
  const [, ...check] = Healthcheck?.Test ?? [];
  const [program = '', ...args] = alsoIn(one.child.pid ?? 0, { user: 10001, directory: WorkingDir }, check);
  const end = performance.now() + 2 * minutes;
  while (performance.now() < end && one.child.exitCode === null) {
    const isWell = await promisify(execFile)(program, args).then(
      () => true,
      () => false,
    );
    if (isWell) return 'healthy';
    await delay(500);
  }
  return `not healthy: ${one.output()}`;
}
