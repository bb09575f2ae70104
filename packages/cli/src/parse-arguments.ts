import { parseArgs } from 'node:util';
import { nearest } from '@maru/config/nearest';
import type { Arguments, Command } from './command.ts';
import { UserError } from './user-error.ts';

/** Parses what follows the command's name. Throws a `UserError` (exit 2) with the nearest flag for an unknown one. */
export function parseArguments(command: Command, typed: readonly string[]): Arguments {
  const options = Object.fromEntries(
    Object.entries(command.flags).map(([name, { type }]) => [name, { type }]),
  );
  const { tokens } = parseArgs({
    args: [...typed],
    options,
    allowPositionals: true,
    strict: false,
    tokens: true,
  });
  const words: string[] = [];
  const flags: Record<string, string | boolean> = {};
  const lists: Record<string, readonly string[]> = {};
  for (const token of tokens) {
    if (token.kind === 'positional') words.push(token.value);
    if (token.kind === 'option') {
      const value = flagValue(command, token.name, token.rawName, token.value);
      if (command.flags[token.name]?.repeats === true) {
        lists[token.name] = [...(lists[token.name] ?? []), String(value)];
      } else flags[token.name] = value;
    }
  }
  if (command.words === undefined && words[0] !== undefined) {
    throw new UserError(`maru ${command.name} takes no "${words[0]}"; see ./maru help ${command.name}`, 2);
  }
  return { flags, words, lists };
}

function flagValue(
  command: Command,
  name: string,
  typed: string,
  value: string | undefined,
): string | boolean {
  const flag = command.flags[name];
  if (flag === undefined) throw unknownFlag(command, name, typed);
  if (flag.type === 'boolean' && value !== undefined) {
    throw new UserError(`${typed} of maru ${command.name} takes no value, but "${value}" was given`, 2);
  }
  if (flag.type === 'string' && (value === undefined || value === '')) {
    throw new UserError(`${typed} of maru ${command.name} needs a value: ${typed} ${flag.value}`, 2);
  }
  return value ?? true;
}

function unknownFlag(command: Command, name: string, typed: string): UserError {
  const near = nearest(name, Object.keys(command.flags));
  const advice = near === undefined ? `see ./maru help ${command.name}` : `did you mean --${near}?`;
  return new UserError(`maru ${command.name} has no flag ${typed}; ${advice}`, 2);
}
