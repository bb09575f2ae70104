/** What a command line adds to the environment that it is typed in. */
export interface CommandSettings {
  /** `NAME=value` words in front of the program, and those that `env`, `docker run -e` and `--env` pass on. */
  readonly variables: Readonly<Record<string, string>>;
  /** Files of such lines that it names by `--env-file`, as Node and Docker take it. */
  readonly files: readonly string[];
  /** Names that it takes away: `env -u NAME`. */
  readonly removed: readonly string[];
  /** `env -i`, and containers, which get nothing of this environment. */
  readonly isEmpty: boolean;
}

const assignment = /^([A-Za-z_]\w*)=([\s\S]*)$/;
const containerTools = /^(?:docker|podman|nerdctl)$/;

/**
 * Reads a command line as a shell has split it; runs nothing of it. What the program itself does to its environment (a
 * `.env` file that it loads, a script that exports) is not seen: `--pid` shows what a running one was started with.
 */
export function commandSettings(words: readonly string[]): CommandSettings {
  const variables: Record<string, string> = {};
  const files: string[] = [];
  const removed: string[] = [];
  const program = words.find((word) => !assignment.test(word)) ?? '';
  const isContainer = containerTools.test(program);
  let isBefore = true;
  let isEmpty = isContainer;
  for (let index = 0; index < words.length; index++) {
    const word = words[index] ?? '';
    const next = words[index + 1] ?? '';
    const [, name, value] = assignment.exec(word) ?? [];
    if (isBefore && name !== undefined && value !== undefined && !isContainer) variables[name] = value;
    const file = /^--env-file(?:-if-exists)?(?:=(.*))?$/.exec(word);
    if (file !== null) files.push(file[1] ?? next);
    const passed = passedOn(word, next, isContainer);
    if (passed !== undefined) variables[passed[0]] = passed[1];
    if (program === 'env' && isBefore && word === '-u') removed.push(next);
    if (program === 'env' && isBefore && (word === '-i' || word === '-')) isEmpty = true;
    if (name === undefined && !word.startsWith('-') && word !== 'env' && words[index - 1] !== '-u')
      isBefore = false;
  }
  return { variables, files, removed, isEmpty };
}

/** `-e NAME=value`, `--env NAME=value`, `--env=NAME=value` of a container's tool; of others they mean something else. */
function passedOn(word: string, next: string, isContainer: boolean): readonly [string, string] | undefined {
  if (!isContainer) return undefined;
  const text = word === '-e' || word === '--env' ? next : /^(?:--env=|-e)(.+)$/.exec(word)?.[1];
  const [, name, value] = assignment.exec(text ?? '') ?? [];
  return name === undefined || value === undefined ? undefined : [name, value];
}
