import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/**
 * Ends every watched process group when this process dies, however it dies. A foreign program such as mariadbd does
 * not notice its parent's death, and Linux's parent-death signal is not to be had from Node, so a small shell stands
 * by, reading a pipe from us.
 */
export class Guard {
  readonly #shell: ChildProcess;

  constructor() {
    this.#shell = spawn('/bin/sh', [fileURLToPath(new URL('guard.sh', import.meta.url))], {
      stdio: ['pipe', 'ignore', 'ignore'],
      // Its own session: Ctrl-C at the terminal goes to us alone, and we end the guard last.
      detached: true,
    });
    this.#shell.stdin?.on('error', () => {});
    this.#shell.on('error', () => {});
    this.#shell.unref();
  }

  /** Watches the process group led by `pid`. */
  watch(pid: number): void {
    this.#tell(`+${pid}`);
  }

  /** Forgets a group that has ended, so that its number can be used by somebody else. */
  forget(pid: number): void {
    this.#tell(`-${pid}`);
  }

  /** Ends the guard; nothing is watched any more. */
  close(): void {
    this.#tell('.');
    this.#shell.stdin?.end();
  }

  #tell(line: string): void {
    if (this.#shell.stdin?.writable) this.#shell.stdin.write(`${line}\n`);
  }
}
