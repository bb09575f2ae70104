import { find } from './commands/help.ts';
import { commands } from './commands/index.ts';
import { parseArguments } from './parse-arguments.ts';
import { messageOf, UserError } from './user-error.ts';

/** Runs what was typed after `./maru`; resolves with the exit code. */
async function main(typed: readonly string[]): Promise<number> {
  const [name, ...rest] = inLongForm(typed);
  const command = find(commands, name);
  if (asksForHelp(rest)) return main(['help', name]);
  return command.run(parseArguments(command, rest));
}

/** `maru`, `maru --help` and `maru --version` as the commands they stand for. */
function inLongForm([first = 'help', ...rest]: readonly string[]): [string, ...string[]] {
  if (first === '--help' || first === '-h') return ['help', ...rest];
  return [first === '--version' ? 'version' : first, ...rest];
}

/** Whether --help is among the words before `--`. */
function asksForHelp(typed: readonly string[]): boolean {
  const end = typed.indexOf('--');
  return typed.slice(0, end < 0 ? undefined : end).some((word) => word === '--help' || word === '-h');
}

/** A person sees a sentence; somebody who looks for a mistake of ours sets MARU_DEBUG=1 and sees where it was. */
function report(thrown: unknown): number {
  console.error(`maru: ${messageOf(thrown)}`);
  if (process.env.MARU_DEBUG === '1' && thrown instanceof Error) console.error(thrown.stack);
  return thrown instanceof UserError ? thrown.exitCode : 1;
}

process.exitCode = await main(process.argv.slice(2)).catch(report);
