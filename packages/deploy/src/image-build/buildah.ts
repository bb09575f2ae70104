import { execFile, execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Image } from '../dockerfile.ts';
import { repository } from '../repository.ts';

/** What an image says of itself, by Docker's names. */
export interface ImageConfiguration {
  readonly Entrypoint: readonly string[];
  readonly Cmd: readonly string[] | null;
  readonly Env: readonly string[];
  readonly User: string;
  readonly WorkingDir: string;
  readonly Labels: Readonly<Record<string, string>>;
  readonly Healthcheck?: { readonly Test: readonly string[] };
}

const outputBytes = 64 * 2 ** 20;

/**
 * Debian's buildah with a store of its own: builds images without a daemon, each `RUN` in a `chroot` with the machine's network.
 * Needs root.
 */
export class Buildah {
  readonly #global: readonly string[];

  /** @param directory for the store; who made it takes it away after `close` */
  constructor(directory: string) {
    // Copies of whole file systems: slower than overlays, and works on every one.
    const [root, runroot] = ['storage', 'run'].map((name) => join(directory, name));
    this.#global = ['--root', root ?? '', '--runroot', runroot ?? '', '--storage-driver', 'vfs'];
    mkdirSync(directory, { recursive: true });
  }

  /** An image of a folder's content, as it stands. */
  async import(folder: string, name: string, environment: Readonly<Record<string, string>>): Promise<void> {
    const container = await this.#run('from', 'scratch');
    await this.#run('add', container, folder, '/');
    for (const [key, value] of Object.entries(environment))
      await this.#run('config', '--env', `${key}=${value}`, container);
    await this.#run('commit', '--rm', container, name);
  }

  /** Builds one of our Dockerfiles from the repository. Rejects with the last lines of what the build said. */
  async build(image: Image, bases: Readonly<Record<string, string>>): Promise<void> {
    const file = `${repository}/deploy/images/${image}.Dockerfile`;
    const values = Object.entries({ ...bases, VERSION: '0.1.0', REVISION: 'trial' });
    const args = values.flatMap(([name, value]) => ['--build-arg', `${name}=${value}`]);
    const ways = ['--isolation', 'chroot', '--format', 'docker', '--pull-never', '--layers=false'];
    const ignored = ['--ignorefile', `${file}.dockerignore`];
    await this.#run('build', ...ways, ...ignored, ...args, '--file', file, '--tag', image, repository);
  }

  async configurationOf(image: string): Promise<ImageConfiguration> {
    const text = await this.#run('inspect', '--type', 'image', image);
    const { Docker }: { Docker: { config: ImageConfiguration } } = JSON.parse(text);
    return Docker.config;
  }

  /** The folder that an image's root file system lies in, until `close`. */
  async mount(image: string): Promise<string> {
    const container = await this.#run('from', '--pull-never', image);
    return this.#run('mount', container);
  }

  async close(): Promise<void> {
    await this.#run('umount', '--all');
    await this.#run('rm', '--all');
    await this.#run('rmi', '--all', '--force');
  }

  async #run(...args: readonly string[]): Promise<string> {
    try {
      const options = { maxBuffer: outputBytes };
      const { stdout } = await promisify(execFile)('buildah', [...this.#global, ...args], options);
      return stdout.trim();
    } catch (thrown) {
      const { stdout = '', stderr = '' } = thrown as { stdout?: string; stderr?: string };
      throw new Error(`buildah ${args[0]} failed: ${`${stdout}${stderr}`.trim().slice(-4_000)}`);
    }
  }
}

/** Whether this machine can do this: root, with buildah and debootstrap. */
export function canBuild(): boolean {
  try {
    for (const program of ['buildah', 'debootstrap']) execFileSync(program, ['--version'], { stdio: 'pipe' });
    return process.getuid?.() === 0;
  } catch {
    return false;
  }
}
