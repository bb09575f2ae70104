import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { ChildSpec } from './child-spec.ts';
import { Guard } from './guard.ts';
import { LogFile } from './log-file.ts';
import { isForTerminal } from './log-lines.ts';
import { SupervisedChild } from './supervised-child.ts';

/** From the first SIGTERM: how long children are asked one after another, and when those left are killed. */
const inTurnMs = 3_500;
const killAfterMs = 4_700;

export interface SupervisorOptions {
  /** Each child's lines go to `<logDir>/<name>.log`; without it, nowhere but the terminal. */
  readonly logDir?: string;
  /** One line for the person at the terminal: a loud line of a child, a fall, a recovery. */
  readonly say: (child: string, line: string) => void;
}

/**
 * Starts processes, keeps them alive, and ends them in reverse order within 5 s, leaving none behind, whatever
 * happens to this process. Unix only.
 */
export class Supervisor {
  readonly #options: SupervisorOptions;
  readonly #guard: Guard = new Guard();
  readonly #children: SupervisedChild[] = [];
  #stopped: Promise<void> | undefined;

  constructor(options: SupervisorOptions) {
    this.#options = options;
  }

  /**
   * Starts a child and resolves when it is ready. Rejects with one sentence when it does not start. Children are
   * stopped in the reverse order of the calls.
   */
  async start(spec: ChildSpec): Promise<void> {
    if (this.#stopped !== undefined)
      throw new Error(`${spec.name} is not started: everything is being stopped`);
    const child = new SupervisedChild(spec, this.#listen(spec));
    this.#children.push(child);
    await child.start();
  }

  /** The children's process ids by name, for those that run. */
  pids(): ReadonlyMap<string, number> {
    return new Map(this.#children.flatMap(({ spec, pid }) => (pid === undefined ? [] : [[spec.name, pid]])));
  }

  /** Ends all children in reverse order, each after the one before has ended; kills what is left after 4.7 s. */
  stop(): Promise<void> {
    this.#stopped ??= this.#stopAll();
    return this.#stopped;
  }

  /** Ends all children at once, without asking. */
  kill(): void {
    for (const child of this.#children) child.kill();
    // Nobody survives SIGKILL. The guard would wait for init to collect the dead.
    this.#guard.close();
  }

  async #stopAll(): Promise<void> {
    const over = new AbortController();
    const killer = setTimeout(() => this.kill(), killAfterMs);
    const hurry = delay(inTurnMs, undefined, { signal: over.signal }).catch(() => {});
    for (const child of this.#children.toReversed()) await Promise.race([child.stop(), hurry]);
    await Promise.all(this.#children.map((child) => child.stop()));
    clearTimeout(killer);
    over.abort();
    this.#guard.close();
  }

  #listen(spec: ChildSpec): ConstructorParameters<typeof SupervisedChild>[1] {
    const { logDir, say } = this.#options;
    const log = logDir === undefined ? undefined : new LogFile(join(logDir, `${spec.name}.log`));
    return {
      line: (line) => {
        log?.append(line);
        if (isForTerminal(line, spec.terminal ?? 'warnings')) say(spec.name, line);
      },
      spawned: (pid) => this.#guard.watch(pid),
      gone: (pid) => this.#guard.forget(pid),
      fell: (how, restartInMs) => say(spec.name, fallSentence(how, restartInMs)),
      recovered: () => say(spec.name, 'is running again'),
    };
  }
}

function fallSentence(how: string, restartInMs: number | undefined): string {
  return restartInMs === undefined ? how : `${how}; starting it again in ${restartInMs / 1000} s`;
}
