import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';

/** A program that runs until it is closed, its output in a file. */
export class Daemon {
  readonly log: string;
  readonly #child: ChildProcess;

  constructor(
    program: string,
    args: readonly string[],
    log: string,
    env: Readonly<Record<string, string>> = {},
  ) {
    const out = openSync(log, 'a');
    this.log = log;
    this.#child = spawn(program, args, { stdio: ['ignore', out, out], env: { ...process.env, ...env } });
    closeSync(out);
  }

  async close(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const gone = new Promise((resolve) => this.#child.once('exit', resolve));
    this.#child.kill(signal);
    await gone;
  }
}
