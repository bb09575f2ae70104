import type { Command, Flag } from './command.ts';

/** The list of all commands. */
export function overview(commands: readonly Command[]): string {
  const width = Math.max(...commands.map((command) => nameAndWords(command).length));
  const list = commands.map(
    (command) => `  ./maru ${nameAndWords(command).padEnd(width)}  ${command.summary}`,
  );
  return [
    'Maru takes OpenTelemetry traces, metrics and logs, keeps them, shows them, and proves that they arrived.',
    '',
    ...list,
    '',
    'Flags of a command: ./maru help COMMAND. First steps: docs/guides/getting-started.md.',
  ].join('\n');
}

/** The help of one command. */
export function commandHelp(command: Command): string {
  const flags = Object.entries(command.flags).map(([name, flag]) => ({
    left: flagHead(name, flag),
    right: flagHelp(flag),
  }));
  const width = Math.max(0, ...flags.map(({ left }) => left.length));
  return [
    `./maru ${nameAndWords(command)}${flags.length > 0 ? ' [flags]' : ''}`,
    '',
    command.summary,
    ...(flags.length > 0 ? ['', ...flags.map(({ left, right }) => `  ${left.padEnd(width)}  ${right}`)] : []),
    ...(command.notes === undefined ? [] : ['', command.notes]),
  ].join('\n');
}

function nameAndWords(command: Command): string {
  return command.words === undefined ? command.name : `${command.name} ${command.words}`;
}

function flagHead(name: string, flag: Flag): string {
  return flag.type === 'string' ? `--${name} ${flag.value}` : `--${name}`;
}

function flagHelp(flag: Flag): string {
  return flag.default === undefined ? flag.help : `${flag.help} (default ${flag.default})`;
}
