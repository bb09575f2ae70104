import { spawn } from 'node:child_process';
import { repository } from '../paths.ts';
import { UserError } from '../user-error.ts';

/** Runs a script of the repository in a process of its own, in the foreground, and resolves with its exit code. */
export function runNode(script: string, args: readonly string[]): Promise<number> {
  const child = spawn(process.execPath, [script, ...args], { stdio: 'inherit', cwd: repository });
  // The terminal's Ctrl-C reaches the script too; we wait for it to clean up.
  process.on('SIGINT', () => {});
  return new Promise((resolve, reject) => {
    child.once('error', (error) => reject(new UserError(`${script} could not be started: ${error.message}`)));
    child.once('exit', (code) => resolve(code ?? 1));
  });
}
