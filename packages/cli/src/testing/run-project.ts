import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { repository } from '../paths.ts';
import { toolEnvironment, toolPath } from '../process/tool.ts';
import { failuresFile } from './failures.ts';
import type { TestEnvironment } from './needs.ts';
import { type Tally, tallyOf, type VitestReport } from './tally.ts';

/** How one project's run ended: the counts, and each failure in a few lines. */
export interface ProjectRun {
  readonly tally: Tally;
  readonly failures: string;
}

const failuresReporter = fileURLToPath(new URL('failures.ts', import.meta.url));

/** Runs the tests of one Vitest project whose paths contain one of the filters (all without), showing its output. */
export async function runProject(
  project: string,
  filters: readonly string[],
  environment: TestEnvironment,
): Promise<ProjectRun> {
  const dir = mkdtempSync(join(tmpdir(), 'maru-test-'));
  const reportFile = join(dir, 'report.json');
  const failed = join(dir, 'failures.txt');
  const reporters = [
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${reportFile}`,
    `--reporter=${failuresReporter}`,
  ];
  try {
    const args = ['run', '--project', project, '--passWithNoTests', ...reporters, ...filters];
    const exitCode = await showing(toolPath('vitest'), args, { ...environment, [failuresFile]: failed });
    return {
      tally: tallyOf(readReport(reportFile), exitCode),
      failures: existsSync(failed) ? readFileSync(failed, 'utf8') : '',
    };
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

/** Standard output goes to our standard error: ours is for the closing line. */
function showing(command: string, args: readonly string[], environment: TestEnvironment): Promise<number> {
  const env = { ...process.env, ...toolEnvironment(), ...environment };
  const child = spawn(command, args, { cwd: repository, env, stdio: ['ignore', 2, 2] });
  return new Promise((resolve) => {
    child.once('error', () => resolve(127));
    child.once('exit', (code) => resolve(code ?? 128));
  });
}

function readReport(file: string): VitestReport | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}
