import { spawn } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** How a command is run. */
export interface Running {
  readonly cwd?: string;
  /** Beside `PATH` and `HOME`; nothing else of this process's environment is handed on. */
  readonly env?: Readonly<Record<string, string>>;
  readonly uid?: number;
  /** Milliseconds after which it is ended, as a person would with Ctrl-C; 60,000 unless told. */
  readonly timeout?: number;
}

/** What a command writes to both of its outputs, in the order in which it writes it, however it ends. */
export async function outputOf(
  command: string,
  args: readonly string[],
  running: Running = {},
): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'maru-recorder-'));
  const path = join(folder, 'output');
  const out = openSync(path, 'a');
  const { cwd, env, uid, timeout = 60_000 } = running;
  const child = spawn(command, args, {
    stdio: ['ignore', out, out],
    env: { PATH: process.env.PATH ?? '', HOME: '/root', LC_ALL: 'C.UTF-8', ...env },
    timeout,
    killSignal: 'SIGINT',
    ...(cwd === undefined ? {} : { cwd }),
    ...(uid === undefined ? {} : { uid, gid: uid }),
  });
  await new Promise((resolve, reject) => {
    child.once('exit', resolve);
    child.once('error', reject);
  });
  closeSync(out);
  const text = readFileSync(path, 'utf8');
  rmSync(folder, { recursive: true });
  return text;
}
