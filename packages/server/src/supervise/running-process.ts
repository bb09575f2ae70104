import { type ChildProcess, spawn } from 'node:child_process';
import type { ChildSpec } from './child-spec.ts';
import { LineSplitter } from './log-lines.ts';
import { signalGroup } from './process-group.ts';

/** How a process ended, in words: `exited with code 1`, `was ended by SIGKILL`, `could not be started: …`. */
export type Ending = string;

/** One run of a child, from spawn to its end; a restart is another `RunningProcess`. */
export class RunningProcess {
  readonly startedAt: number = performance.now();
  /** Resolves when the process has ended; never rejects. */
  readonly ended: Promise<Ending>;
  readonly #process: ChildProcess;
  #saidReady = false;
  #onReady: () => void = () => {};

  constructor(spec: ChildSpec, onLine: (line: string) => void) {
    this.#process = spawn(spec.command, spec.args, {
      cwd: spec.cwd,
      env: { ...process.env, ...spec.env },
      // IPC only where it is asked for: a program that does not know of it would keep a stray descriptor.
      stdio: ['ignore', 'pipe', 'pipe', ...(spec.readiness.kind === 'ipc' ? (['ipc'] as const) : [])],
      // A process group of its own: Ctrl-C reaches us alone, and what the child starts can be ended with it.
      detached: true,
    });
    this.#readLines(onLine);
    this.#process.on('message', (message) => this.#hear(message));
    this.ended = this.#waitForEnd();
  }

  /** Undefined when the program could not be started. */
  get pid(): number | undefined {
    return this.#process.pid;
  }

  /** Resolves when the child has said over IPC that it is ready. */
  saysReady(): Promise<void> {
    return new Promise((resolve) => {
      this.#onReady = resolve;
      if (this.#saidReady) resolve();
    });
  }

  /** Sends the signal to the child and all that it started. */
  signal(signal: NodeJS.Signals): void {
    if (this.pid !== undefined) signalGroup(this.pid, signal);
  }

  #hear(message: unknown): void {
    if (typeof message !== 'object' || message === null || !('ready' in message)) return;
    this.#saidReady = true;
    this.#onReady();
  }

  #readLines(onLine: (line: string) => void): void {
    for (const stream of [this.#process.stdout, this.#process.stderr]) {
      const splitter = new LineSplitter();
      stream?.setEncoding('utf8');
      stream?.on('data', (chunk: string) => splitter.push(chunk).forEach(onLine));
      stream?.on('end', () => [splitter.takeRest()].filter((line) => line !== '').forEach(onLine));
    }
  }

  #waitForEnd(): Promise<Ending> {
    return new Promise((resolve) => {
      this.#process.once('error', (error) => resolve(`could not be started: ${error.message}`));
      this.#process.once('exit', (code, signal) =>
        resolve(signal === null ? `exited with code ${code}` : `was ended by ${signal}`),
      );
    });
  }
}
