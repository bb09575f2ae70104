import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePorts } from './free-ports.ts';

export interface StackOptions {
  /** A directory of an earlier stack, to go on with; a new temporary one when left out, removed at the end. */
  readonly dataDir?: string;
  /** Beyond ports and directory, as `MARU_SETTINGS` takes them. */
  readonly settings?: Readonly<Record<string, unknown>>;
}

type Part = 'intake' | 'engine';

/** As `./maru serve` starts them. */
const nodeFlags = ['--disable-warning=ExperimentalWarning', '--max-semi-space-size=2'];
const environment = { MALLOC_ARENA_MAX: '1', UV_THREADPOOL_SIZE: '24' };

/** The stack's two processes as the parent would start them, on ports of their own. Who starts it stops it. */
export class RunningStack {
  readonly dataDir: string;
  readonly otlpHttpUrl: string;
  readonly otlpGrpcUrl: string;
  readonly queryUrl: string;
  readonly #settings: string;
  readonly #temporary: boolean;
  readonly #children: Map<Part, ChildProcess> = new Map();

  private constructor(dataDir: string, temporary: boolean, ports: readonly number[], options: StackOptions) {
    const [otlpHttpPort, otlpGrpcPort, httpPort] = ports;
    this.dataDir = dataDir;
    this.#temporary = temporary;
    this.otlpHttpUrl = `http://127.0.0.1:${otlpHttpPort}`;
    this.otlpGrpcUrl = `http://127.0.0.1:${otlpGrpcPort}`;
    this.queryUrl = `http://127.0.0.1:${httpPort}`;
    this.#settings = JSON.stringify({
      dataDir,
      selfTelemetry: false,
      otlpHttpPort,
      otlpGrpcPort,
      httpPort,
      ...options.settings,
    });
  }

  /** Resolves when both processes are ready. */
  static async start(options: StackOptions = {}): Promise<RunningStack> {
    const dataDir = options.dataDir ?? mkdtempSync(join(tmpdir(), 'maru-stack-'));
    const stack = new RunningStack(dataDir, options.dataDir === undefined, await freePorts(3), options);
    await stack.restart();
    return stack;
  }

  /** Starts what does not run. */
  async restart(): Promise<void> {
    await Promise.all((['intake', 'engine'] as const).map((part) => this.#startPart(part)));
  }

  pid(part: Part): number {
    const pid = this.#children.get(part)?.pid;
    if (pid === undefined) throw new Error(`the ${part} process does not run`);
    return pid;
  }

  /** `kill -9`, without a word to the process. Resolves when it is gone. */
  async kill(part: Part): Promise<void> {
    await this.#end(part, 'SIGKILL');
  }

  /** Ends both as their parent would, and leaves the directory. */
  async stopProcesses(): Promise<void> {
    await Promise.all((['intake', 'engine'] as const).map((part) => this.#end(part, 'SIGTERM')));
  }

  /** Ends both, and removes a temporary directory. */
  async stop(): Promise<void> {
    await this.stopProcesses();
    if (this.#temporary) rmSync(this.dataDir, { recursive: true, force: true });
  }

  async #startPart(part: Part): Promise<void> {
    if (this.#children.has(part)) return;
    const main = fileURLToPath(new URL(`../../../server/src/${part}/main.ts`, import.meta.url));
    const child = spawn(process.execPath, [...nodeFlags, main], {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      env: { ...process.env, ...environment, MARU_SETTINGS: this.#settings },
    });
    this.#children.set(part, child);
    child.once('exit', () => this.#children.delete(part));
    await ready(child, part);
  }

  async #end(part: Part, signal: NodeJS.Signals): Promise<void> {
    const child = this.#children.get(part);
    if (child === undefined) return;
    const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    child.kill(signal);
    await gone;
  }
}

function ready(child: ChildProcess, part: Part): Promise<void> {
  return new Promise((resolve, reject) => {
    child.once('message', () => resolve());
    child.once('exit', (code, signal) =>
      reject(new Error(`${part} ended with ${signal ?? code} before it was ready`)),
    );
    child.once('error', reject);
  });
}
