import { parseArgs } from 'node:util';

/** How much of what load to make. */
export interface Settings {
  /** The web front end's address, without a slash at the end. */
  readonly url: string;
  /** The same seed makes the same users do the same things in the same order. */
  readonly seed: number;
  /** Actions a second, on average, of all users together. */
  readonly rate: number;
  /** Seconds until it ends by itself; 0 for never. */
  readonly duration: number;
  readonly users: number;
}

/** An option that cannot be used; its message is a whole sentence. */
export class SettingsError extends Error {}

/** What `--help` prints. */
export const usage: string = `usage: node board/load/src/main.ts [options]
  --url URL      the Board's web front end (default http://127.0.0.1:8080)
  --seed N       same seed, same behaviour (default 1)
  --rate R       actions a second, 0.01 to 200 (default 1)
  --duration S   seconds until it ends, 0 for never (default 0)
  --users N      how many users, 1 to 200 (default 5)`;

/**
 * Reads the command line.
 * @throws SettingsError when an option is unknown or out of bounds, naming it.
 */
export function readSettings(args: readonly string[]): Settings {
  const values = parse(args);
  return {
    url: readUrl(values.url ?? 'http://127.0.0.1:8080'),
    seed: readNumber('--seed', values.seed ?? '1', 0, Number.MAX_SAFE_INTEGER),
    rate: readNumber('--rate', values.rate ?? '1', 0.01, 200),
    duration: readNumber('--duration', values.duration ?? '0', 0, 31_536_000),
    users: Math.round(readNumber('--users', values.users ?? '5', 1, 200)),
  };
}

function parse(args: readonly string[]) {
  const option = { type: 'string' } as const;
  try {
    return parseArgs({
      args: [...args],
      options: { url: option, seed: option, rate: option, duration: option, users: option },
    }).values;
  } catch (error) {
    throw new SettingsError(`${error instanceof Error ? error.message : String(error)}\n${usage}`);
  }
}

function readUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return url.href.replace(/\/$/, '');
  throw new SettingsError(`cannot use --url ${text}: write an address such as http://127.0.0.1:8080`);
}

function readNumber(name: string, text: string, minimum: number, maximum: number): number {
  const value = Number(text);
  if (text.trim() !== '' && value >= minimum && value <= maximum) return value;
  throw new SettingsError(`cannot use ${name} ${text}: write a number from ${minimum} to ${maximum}`);
}
