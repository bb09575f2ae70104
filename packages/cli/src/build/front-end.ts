import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { maruDir, repository } from '../paths.ts';
import { lastLines, run } from '../process/run.ts';
import { toolEnvironment } from '../process/tool.ts';
import { UserError } from '../user-error.ts';
import { fingerprint } from './fingerprint.ts';

/** Something for browsers: the only parts of Maru with a build step. */
export interface FrontEnd {
  readonly workspace: string;
  /** Relative to the repository. */
  readonly dir: string;
}

export const consoleFrontEnd: FrontEnd = { workspace: '@maru/console', dir: 'packages/console' };
export const boardFrontEnd: FrontEnd = { workspace: '@maru/board-web', dir: 'board/web' };

/** Whether the built files are missing, or older than the sources or the installed packages. */
export function needsBuild(frontEnd: FrontEnd): boolean {
  const stamp = stampOf(frontEnd);
  const built = existsSync(join(repository, frontEnd.dir, 'dist/index.html')) && existsSync(stamp);
  return !built || readFileSync(stamp, 'utf8') !== sourcesOf(frontEnd);
}

/** Builds a front end. Throws a `UserError` with the end of the build's output when that fails. */
export async function build(frontEnd: FrontEnd, signal: AbortSignal): Promise<void> {
  // Taken before the build: what is edited while it runs must lead to another one.
  const sources = sourcesOf(frontEnd);
  const result = await run('npm', ['run', 'build', '-w', frontEnd.workspace], {
    cwd: repository,
    env: toolEnvironment(),
    signal,
  });
  if (result.code !== 0) {
    throw new UserError(
      `${frontEnd.dir} could not be built (npm run build -w ${frontEnd.workspace}):\n${lastLines(result.output, 20)}`,
    );
  }
  mkdirSync(maruDir, { recursive: true });
  writeFileSync(stampOf(frontEnd), sources);
}

function stampOf({ dir }: FrontEnd): string {
  return join(maruDir, `built-${dir.replaceAll('/', '-')}`);
}

function sourcesOf({ dir }: FrontEnd): string {
  return fingerprint([join(repository, dir), join(repository, 'package-lock.json')]);
}
