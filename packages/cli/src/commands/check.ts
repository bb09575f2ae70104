import { allChecks } from '../checking/checks.ts';
import type { Command } from '../command.ts';
import { repository } from '../paths.ts';
import { type RunResult, run } from '../process/run.ts';
import { toolEnvironment, toolPath } from '../process/tool.ts';
import { Progress } from '../terminal/progress.ts';
import { UserError } from '../user-error.ts';

export const check: Command = {
  name: 'check',
  summary: 'checks types, lint and format, layers, and unused code',
  flags: {},
  run: async () => {
    const progress = new Progress(process.stderr);
    const failed: string[] = [];
    // One after another: each of them uses all cores.
    for (const { title, program, args } of allChecks()) {
      const runIt = (): Promise<RunResult> =>
        run(toolPath(program), args, { cwd: repository, env: toolEnvironment() });
      await progress
        .run(title, async () => mustPass(title, await runIt()))
        .catch((thrown: unknown) => {
          failed.push(title);
          progress.say(thrown instanceof Error ? thrown.message : String(thrown));
        });
    }
    console.log(failed.length === 0 ? 'all checks passed' : `failed: ${failed.join(', ')}`);
    return failed.length === 0 ? 0 : 1;
  },
};

function mustPass(title: string, { code, output }: RunResult): void {
  if (code !== 0) throw new UserError(`${title} (exit code ${code}):\n${output.trimEnd()}`);
}
