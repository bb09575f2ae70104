import { spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** How a command is run. */
export interface Running {
  readonly cwd?: string;
  /** Beside `PATH` and `HOME`; nothing else of this process's environment is handed on. */
  readonly env?: Readonly<Record<string, string>>;
  readonly uid?: number;
  readonly input?: string;
  /** Milliseconds after which it is ended, as a person would with Ctrl-C; 60,000 unless told. */
  readonly timeout?: number;
}

/** What a command writes to both of its outputs, in the order in which it writes it, however it ends. */
export function outputOf(command: string, args: readonly string[], running: Running = {}): string {
  const folder = mkdtempSync(join(tmpdir(), 'maru-recorder-'));
  const path = join(folder, 'output');
  const out = openSync(path, 'a');
  const { cwd, env, uid, input, timeout = 60_000 } = running;
  const { error } = spawnSync(command, args, {
    stdio: [input === undefined ? 'ignore' : 'pipe', out, out],
    env: { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '/root', LC_ALL: 'C.UTF-8', ...env },
    timeout,
    killSignal: 'SIGINT',
    ...(cwd === undefined ? {} : { cwd }),
    ...(uid === undefined ? {} : { uid, gid: uid }),
    ...(input === undefined ? {} : { input }),
  });
  closeSync(out);
  const text = readFileSync(path, 'utf8');
  rmSync(folder, { recursive: true });
  if (error !== undefined && !/ETIMEDOUT/.test(error.message)) throw error;
  return text;
}
