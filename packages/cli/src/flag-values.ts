import type { Arguments } from './command.ts';
import { UserError } from './user-error.ts';

/** A flag that was given a text; undefined when it was not given. */
export function textFlag(args: Arguments, name: string): string | undefined {
  const value = args.flags[name];
  return typeof value === 'string' ? value : undefined;
}

export function isOn(args: Arguments, name: string): boolean {
  return args.flags[name] === true;
}

/** A port, 1 to 65535. */
export function portFlag(args: Arguments, name: string, fallback: number): number {
  const port = numberFlag(args, name, fallback);
  if (Number.isInteger(port) && port >= 1 && port <= 65_535) return port;
  throw new UserError(`--${name} must be a port from 1 to 65535, but is "${textFlag(args, name)}"`, 2);
}

/** A number that is not negative. */
export function numberFlag(args: Arguments, name: string, fallback: number): number {
  const text = textFlag(args, name);
  if (text === undefined) return fallback;
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text);
  throw new UserError(`--${name} must be a number that is not negative, but is "${text}"`, 2);
}

const sizeUnits: Readonly<Record<string, number>> = { '': 1, K: 2 ** 10, M: 2 ** 20, G: 2 ** 30 };

/** A size in bytes such as `512`, `64KiB` or `5MiB`; undefined when it was not given. */
export function sizeFlag(args: Arguments, name: string): number | undefined {
  const text = textFlag(args, name);
  if (text === undefined) return undefined;
  const [, digits, unit = ''] = /^([1-9]\d*)(?:([KMG])i)?B?$/.exec(text) ?? [];
  if (digits !== undefined) return Number(digits) * (sizeUnits[unit] ?? 1);
  throw new UserError(`--${name} must be a size such as 5MiB, but is "${text}"`, 2);
}

/** An http or https address, without the slash at its end. */
export function urlFlag(args: Arguments, name: string, fallback: string): string {
  const text = textFlag(args, name) ?? fallback;
  const url = URL.parse(text);
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return text.replace(/\/+$/, '');
  throw new UserError(`--${name} must be an http or https address such as ${fallback}, but is "${text}"`, 2);
}

/** `--header NAME=VALUE`, or another flag of that kind, given any number of times; names in lower case. */
export function headersFlag(args: Arguments, flag = 'header'): Readonly<Record<string, string>> {
  return Object.fromEntries((args.lists?.[flag] ?? []).map((text) => headerOf(text, flag)));
}

/** A header that cannot be read is not quoted back: it may be a key. */
function headerOf(text: string, flag: string): readonly [string, string] {
  const [, name, value] = /^\s*([!#$%&'*+.^_`|~\w-]+)\s*=\s*([\t\x20-\x7e\x80-\xff]+)$/.exec(text) ?? [];
  if (name !== undefined && value !== undefined) return [name.toLowerCase(), value.trim()];
  throw new UserError(`--${flag} must be NAME=VALUE, such as "authorization=Bearer KEY"`, 2);
}
