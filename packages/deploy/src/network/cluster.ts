import { execFile, execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { alsoIn, type Box } from '../box.ts';
import {
  environmentOf,
  programOf,
  type Running,
  renderedContainer,
  start,
  startCommand,
} from '../container.ts';
import type { Image } from '../dockerfile.ts';
import { clusterOf, type PodName, pods } from '../flows.ts';
import { mountedFiles } from '../mounted-files.ts';
import type { Probe } from '../objects.ts';
import { repository } from '../repository.ts';
import type { Outcome } from './ask.ts';
import { Hosts } from './hosts.ts';
import { findServer, initialise } from './mariadb.ts';
import { nftablesFor } from './nftables.ts';

/** The names of our Services and whose pod stands behind each. */
const services: Readonly<Record<string, PodName>> = {
  'board-api': 'api',
  'board-mariadb': 'mariadb',
  'maru-otlp.maru.svc.cluster.local': 'maru',
};

/** The pods that run an image of ours. */
type OurPod = 'api' | 'web' | 'maru';

const images: Readonly<Record<OurPod, Image>> = { api: 'board-api', web: 'board-web', maru: 'maru' };

/** An answer over HTTP. */
export interface Answer {
  readonly status: number;
  readonly text: string;
}

/**
 * The pods of both sides on one machine: each in a network namespace of its own, as a restricted container with the
 * rendered command and environment. The kubelet, the name server and the policy engine are played by this.
 */
export class Cluster {
  readonly #hosts: Hosts = new Hosts(Object.keys(pods));
  readonly #dir: string = mkdtempSync(join(tmpdir(), 'maru-cluster-'));
  readonly #running: Map<PodName, Running> = new Map();

  constructor() {
    const lines = Object.entries(services).map(([name, pod]) => `${this.#hosts.address(pod)} ${name}`);
    writeFileSync(join(this.#dir, 'hosts'), ['127.0.0.1 localhost', ...lines, ''].join('\n'));
  }

  /** Starts the program of a container and waits until its own readiness probe is content. */
  async start(pod: OurPod, secrets: Readonly<Record<string, string>> = {}): Promise<void> {
    const rendered = renderedContainer(pod);
    const environment = environmentOf(rendered, secrets);
    const files = mountedFiles(rendered, secrets, join(this.#dir, `${pod}-files`));
    const binds = { ...this.#names(), ...files, ...pagesOf(pod, this.#dir) };
    const box = { ...this.#box(pod, rendered.user), binds };
    this.#running.set(pod, start(images[pod], rendered.container.args ?? [], environment, box));
    await this.#ready(pod, rendered.container.readinessProbe);
  }

  /** MariaDB of this machine with the container's arguments, as the image's user. */
  async startDatabase(secrets: Readonly<Record<string, string>>): Promise<void> {
    const server = findServer();
    if (server === undefined) throw new Error('no MariaDB server is on this machine');
    const { container, user, ...rest } = renderedContainer('mariadb');
    const {
      MARIADB_DATABASE = '',
      MARIADB_USER = '',
      MARIADB_PASSWORD = '',
    } = environmentOf({ container, user, ...rest }, secrets);
    const box = {
      ...this.#box('mariadb', user),
      binds: { ...this.#names(), ...server.binds },
      directory: '/',
    };
    initialise(server, box, { MARIADB_DATABASE, MARIADB_USER, MARIADB_PASSWORD });
    this.#running.set('mariadb', startCommand([...server.command, ...(container.args ?? [])], {}, box));
    await this.#until(
      'mariadb',
      async () => (await this.connect('mariadb', ['127.0.0.1:3306']))[0] === 'connected',
    );
  }

  /** Runs a command in a running container, as `kubectl exec` does. */
  exec(pod: OurPod, command: readonly string[]): string {
    const { directory, environment } = programOf(images[pod]);
    const [program = '', ...args] = alsoIn(this.#child(pod).pid ?? 0, { user: 10001, directory }, command);
    return execFileSync(program, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...environment, PATH: `${environment.PATH}:/usr/sbin` },
      encoding: 'utf8',
    });
  }

  /** Ends a container as the kubelet does; gives its exit code. */
  async end(pod: PodName): Promise<number | null> {
    const child = this.#child(pod);
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    await ended;
    this.#running.delete(pod);
    return child.exitCode;
  }

  /** Puts the rendered policies into force on every host. */
  enforcePolicies(place: string): void {
    const objects = clusterOf(place);
    const placed = (Object.keys(pods) as PodName[]).map((name) => ({
      name,
      peer: pods[name],
      address: this.#hosts.address(name),
    }));
    for (const { name, peer } of placed) this.#hosts.filter(name, nftablesFor(objects, peer, placed));
  }

  /** What becomes of connections from one pod to `address:port` or `pod:port`. */
  async connect(from: PodName, targets: readonly string[]): Promise<readonly Outcome[]> {
    return JSON.parse(await this.#ask(from, ['connect', ...targets]));
  }

  address(pod: PodName): string {
    return this.#hosts.address(pod);
  }

  /** One request from a pod. */
  async fetch(from: PodName, url: string, init: RequestInit = {}): Promise<Answer> {
    return JSON.parse(await this.#ask(from, ['fetch', url, JSON.stringify(init)]));
  }

  async close(): Promise<void> {
    const ended = [...this.#running.values()].map(async ({ child }) => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exit = once(child, 'exit');
      child.kill('SIGTERM');
      const killer = globalThis.setTimeout(() => child.kill('SIGKILL'), 10_000);
      await exit;
      clearTimeout(killer);
    });
    await Promise.all(ended);
    this.#hosts.close();
    rmSync(this.#dir, { recursive: true, force: true });
  }

  #names(): Readonly<Record<string, string>> {
    return { '/etc/hosts': join(this.#dir, 'hosts') };
  }

  #box(pod: PodName, user: number): Omit<Box, 'directory'> {
    const data = join(this.#dir, pod);
    mkdirSync(data, { recursive: true });
    chownSync(data, user, user);
    return { user, network: this.#hosts.network(pod), volumes: { '/data': data } };
  }

  #child(pod: PodName): Running['child'] {
    const running = this.#running.get(pod);
    if (running === undefined) throw new Error(`${pod} does not run`);
    return running.child;
  }

  async #ask(from: PodName, args: readonly string[]): Promise<string> {
    const program = `${repository}/packages/deploy/src/network/ask.ts`;
    const command = ['netns', 'exec', this.#hosts.network(from), process.execPath, program, ...args];
    return (await promisify(execFile)('ip', command)).stdout;
  }

  async #ready(pod: PodName, probe: Probe | undefined): Promise<void> {
    const { ports } = renderedContainer(pod).container;
    const port = ports.find(({ name }) => name === probe?.httpGet?.port)?.containerPort;
    const url = `http://127.0.0.1:${port}${probe?.httpGet?.path}`;
    await this.#until(pod, async () => (await this.fetch(pod, url)).status === 200);
  }

  async #until(pod: PodName, isReady: () => Promise<boolean>): Promise<void> {
    const deadline = performance.now() + 60_000;
    for (;;) {
      if (await isReady().catch(() => false)) return;
      const running = this.#running.get(pod);
      if (running === undefined || running.child.exitCode !== null || performance.now() > deadline)
        throw new Error(`${pod} did not get ready; it said:\n${running?.output()}`);
      await delay(100);
    }
  }
}

/**
 * What board-web's image holds, with a page of ours in place of the built ones: those are made only for the tests of the
 * whole system, and what passes through the server is tested here.
 */
function pagesOf(pod: PodName, dir: string): Readonly<Record<string, string>> {
  if (pod !== 'web') return {};
  const web = join(dir, 'web-image');
  for (const part of ['package.json', 'server'])
    cpSync(`${repository}/board/web/${part}`, join(web, part), { recursive: true });
  mkdirSync(join(web, 'dist'), { recursive: true });
  writeFileSync(join(web, 'dist/index.html'), '<!doctype html><title>pages</title>\n');
  return { '/app/board/web': web };
}
