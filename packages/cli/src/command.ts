/** A flag of a command; the same table parses the command line and writes the help. */
export interface Flag {
  readonly type: 'boolean' | 'string';
  /** What stands for the value in the help: `DIR`, `PORT`, `N`. Only for strings. */
  readonly value?: string;
  /** Half a sentence for the help. */
  readonly help: string;
  /** May be given several times; all values count. Only for strings. */
  readonly repeats?: boolean;
  /** Shown in the help as the default. */
  readonly default?: string;
}

export type Flags = Readonly<Record<string, Flag>>;

/** What was typed, after parsing: flags by name, and the words that are no flags. */
export interface Arguments {
  readonly flags: Readonly<Record<string, string | boolean | undefined>>;
  readonly words: readonly string[];
  /** The values of flags that may be given several times, in their order. */
  readonly lists?: Readonly<Record<string, readonly string[]>>;
}

/** One command of the CLI. Each stands in a file of its own under `commands/`. */
export interface Command {
  readonly name: string;
  /** One line for the list of commands. */
  readonly summary: string;
  /** What follows the name: `[NAME]`, `[FILTER…]`. Absent: the command takes no words. */
  readonly words?: string;
  readonly flags: Flags;
  /** Paragraphs below the flags in the command's own help. */
  readonly notes?: string;
  /** Runs to its end and resolves with the exit code. Throws `UserError` for what the person can mend. */
  readonly run: (args: Arguments) => Promise<number>;
}
