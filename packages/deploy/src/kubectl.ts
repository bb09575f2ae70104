import { spawnSync } from 'node:child_process';

/** Whether a program is in the search path and starts. */
export function canRun(program: string): boolean {
  return spawnSync(program, ['--help'], { stdio: 'ignore' }).error === undefined;
}
