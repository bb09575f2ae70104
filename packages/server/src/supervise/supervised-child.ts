import { countFall, restartDelayMs } from './backoff.ts';
import type { ChildSpec } from './child-spec.ts';
import { waitUntilReady } from './readiness.ts';
import { RunningProcess } from './running-process.ts';

/** How many of a child's last lines are kept for the message when it does not start. */
const keptLines = 8;

/** What a child tells the supervisor. */
export interface ChildListener {
  line(line: string): void;
  spawned(pid: number): void;
  gone(pid: number): void;
  /** It ended without being asked to, and is started again after `restartInMs`; undefined: it stays down. */
  fell(how: string, restartInMs: number | undefined): void;
  /** It is ready again after a fall. */
  recovered(): void;
}

/** One child across its restarts. */
export class SupervisedChild {
  readonly spec: ChildSpec;
  readonly #listener: ChildListener;
  #run: RunningProcess | undefined;
  #lastLines: readonly string[] = [];
  #falls = 0;
  #stopping = false;
  #restartTimer: NodeJS.Timeout | undefined;

  constructor(spec: ChildSpec, listener: ChildListener) {
    this.spec = spec;
    this.#listener = listener;
  }

  get pid(): number | undefined {
    return this.#run?.pid;
  }

  /** Starts the child for the first time. Rejects with one sentence, and leaves nothing running, when it does not get ready. */
  async start(): Promise<void> {
    const run = this.#spawn();
    const outcome = await waitUntilReady(this.spec, run);
    if (!outcome.ready) {
      this.#stopping = true;
      run.signal('SIGKILL');
      await run.ended;
      throw new Error(this.#startFailure(outcome.why));
    }
    void this.#watch(run);
  }

  /** Asks the child to end; resolves when it has ended. Never starts it again. */
  async stop(): Promise<void> {
    this.#stopping = true;
    clearTimeout(this.#restartTimer);
    this.#run?.signal('SIGTERM');
    await this.#run?.ended;
  }

  /** Ends the child and all it started at once. */
  kill(): void {
    this.#stopping = true;
    clearTimeout(this.#restartTimer);
    this.#run?.signal('SIGKILL');
  }

  #spawn(): RunningProcess {
    const run = new RunningProcess(this.spec, (line) => this.#hear(line));
    const { pid } = run;
    this.#run = run;
    if (pid === undefined) return run;
    this.#listener.spawned(pid);
    void run.ended.then(() => {
      // What the child itself started and left behind (a crash of the child does not end it).
      run.signal('SIGKILL');
      this.#listener.gone(pid);
    });
    return run;
  }

  #hear(line: string): void {
    this.#lastLines = [...this.#lastLines, line].slice(-keptLines);
    this.#listener.line(line);
  }

  async #watch(run: RunningProcess): Promise<void> {
    const how = await run.ended;
    if (this.#stopping) return;
    if (this.spec.restart === false) return this.#listener.fell(how, undefined);
    const delayMs = restartDelayMs(this.#falls);
    this.#falls = countFall(this.#falls, performance.now() - run.startedAt);
    this.#listener.fell(how, delayMs);
    this.#restartTimer = setTimeout(() => void this.#restart(), delayMs);
  }

  async #restart(): Promise<void> {
    const run = this.#spawn();
    const outcome = await waitUntilReady(this.spec, run);
    if (this.#stopping) return;
    if (outcome.ready) this.#listener.recovered();
    else run.signal('SIGKILL');
    void this.#watch(run);
  }

  #startFailure(why: string): string {
    const said =
      this.#lastLines.length === 0 ? 'It said nothing.' : `It said last:\n  ${this.#lastLines.join('\n  ')}`;
    return `${this.spec.name} did not start: ${this.spec.command} ${why}. ${said}`;
  }
}
