import { nearest } from '@maru/config/nearest';
import type { Command } from '../command.ts';
import { commandHelp, overview } from '../help-text.ts';
import { UserError } from '../user-error.ts';

/** The help for the given commands, itself among them. */
export function helpFor(others: readonly Command[]): Command {
  const help: Command = {
    name: 'help',
    summary: 'lists the commands, or the flags of one',
    words: '[COMMAND]',
    flags: {},
    run: async ({ words: [name] }) => {
      const all = [...others, help];
      console.log(name === undefined ? overview(all) : commandHelp(find(all, name)));
      return 0;
    },
  };
  return help;
}

/** The command of that name. Throws a `UserError` (exit 2) that names the nearest one. */
export function find(commands: readonly Command[], name: string): Command {
  const command = commands.find((candidate) => candidate.name === name);
  if (command !== undefined) return command;
  const near = nearest(
    name,
    commands.map((candidate) => candidate.name),
  );
  const advice = near === undefined ? 'see ./maru help' : `did you mean ./maru ${near}?`;
  throw new UserError(`there is no command "${name}"; ${advice}`, 2);
}
