import type { ConfigNode, ScalarNode } from './node.ts';
import { isEmpty } from './node.ts';
import type { Problems } from './problems.ts';

/**
 * A kind of value: how it is read, and what the reference says of it. `read` gives undefined when something was wrong,
 * and then has added a problem; `name` is the setting's path, such as `forward.tempo.timeout`.
 */
export interface Kind<T> {
  /** Half a sentence: `a port`, `bytes, such as 64MiB`. */
  readonly expected: string;
  readonly read: (node: ConfigNode, name: string, problems: Problems) => T | undefined;
  /** What the reference shows below the setting, for kinds that have settings of their own. */
  readonly inner?: readonly Described[];
}

/** One line of the reference. */
export interface Described {
  readonly name: string;
  readonly expected: string;
  readonly fallback: string;
  readonly doc: string;
  readonly inner: readonly Described[];
}

type Scalar = string | number | boolean;

/** A kind of single value: `parse` gives undefined for what it does not take. */
export function scalar<T>(expected: string, parse: (value: Scalar) => T | undefined): Kind<T> {
  return {
    expected,
    read: (node, name, problems) => {
      if (node.kind !== 'scalar' || node.value === null)
        return problems.add(node.place, `${name} must be ${expected}, but is ${whatIs(node)}`);
      const value = parse(node.value);
      return value ?? problems.add(node.place, `${name} must be ${expected}, but is ${shown(node)}`);
    },
  };
}

function whatIs(node: ConfigNode): string {
  if (node.kind === 'list') return 'a list';
  return node.kind === 'map' ? 'a map' : 'empty';
}

function shown({ value, fromEnvironment }: ScalarNode): string {
  return fromEnvironment ? 'something else (its value comes from the environment)' : JSON.stringify(value);
}

export const text: Kind<string> = scalar('a text', (value) => String(value));

/** A text that is not empty. */
export const name: Kind<string> = scalar('a text that is not empty', (value) => String(value) || undefined);

export const boolean: Kind<boolean> = scalar('true or false', (value) => {
  const booleans: Readonly<Record<string, boolean>> = { true: true, false: false };
  return booleans[String(value)];
});

export function number(expected: string, least: number, most: number): Kind<number> {
  return scalar(expected, (value) => {
    const parsed = typeof value === 'boolean' || value === '' ? Number.NaN : Number(value);
    return parsed >= least && parsed <= most ? parsed : undefined;
  });
}

export function integer(
  least: number,
  most: number = Number.MAX_SAFE_INTEGER,
  expected: string = wholeNumber(least, most),
): Kind<number> {
  return scalar(expected, (value) => {
    const parsed = typeof value === 'boolean' || value === '' ? Number.NaN : Number(value);
    return Number.isInteger(parsed) && parsed >= least && parsed <= most ? parsed : undefined;
  });
}

function wholeNumber(least: number, most: number): string {
  const bounds = most === Number.MAX_SAFE_INTEGER ? `of at least ${least}` : `from ${least} to ${most}`;
  return `a whole number ${bounds}`;
}

export const port: Kind<number> = integer(0, 65_535, 'a port, 0 to 65535');

export function oneOf<T extends string>(...values: readonly T[]): Kind<T> {
  return scalar(values.join(', ').replace(/, ([^,]+)$/, ' or $1'), (value) =>
    values.find((one) => one === String(value)),
  );
}

const byteUnits: Readonly<Record<string, number>> = {
  '': 1,
  B: 1,
  KB: 1e3,
  MB: 1e6,
  GB: 1e9,
  KIB: 2 ** 10,
  MIB: 2 ** 20,
  GIB: 2 ** 30,
  TIB: 2 ** 40,
};

/** A size in bytes: `512`, `64MiB`, `1.5GB`. */
export const bytes: Kind<number> = scalar('a size such as 64MiB', (value) => {
  const [, digits, unit] = /^(\d+(?:\.\d+)?)\s*([A-Za-z]*)$/.exec(String(value)) ?? [];
  const factor = byteUnits[unit?.toUpperCase() ?? 'none'];
  return digits === undefined || factor === undefined ? undefined : Math.round(Number(digits) * factor);
});

const milliseconds: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

/** A duration in milliseconds: `200ms`, `1m30s`, `15d`. */
export const duration: Kind<number> = scalar('a duration such as 5s', (value) => {
  const parts = [...String(value).matchAll(/(\d+(?:\.\d+)?)(ms|[smhdw])/g)];
  if (parts.length === 0 || parts.map(([whole]) => whole).join('') !== String(value)) return undefined;
  return parts.reduce((sum, [, digits, unit]) => sum + Number(digits) * (milliseconds[unit ?? ''] ?? 0), 0);
});

/** An `http:` or `https:` address, without the slash at its end. */
export const httpUrl: Kind<string> = scalar('an http or https address', (value) => {
  const url = URL.parse(String(value));
  return url?.protocol === 'http:' || url?.protocol === 'https:'
    ? String(value).replace(/\/+$/, '')
    : undefined;
});

/** A list; a single value stands for a list of one. */
export function list<T>(of: Kind<T>): Kind<readonly T[]> {
  return {
    expected: `a list, each ${of.expected}`,
    ...(of.inner && { inner: of.inner }),
    read: (node, name, problems) => {
      const items = node.kind === 'list' ? node.items : isEmpty(node) ? [] : [node];
      const values = items.map((item, index) => of.read(item, `${name}[${index}]`, problems));
      const sound = values.filter((value) => value !== undefined);
      return sound.length === values.length ? sound : undefined;
    },
  };
}

/** A map with names of the user's own. */
export function mapOf<T>(of: Kind<T>, names?: RegExp): Kind<ReadonlyMap<string, T>> {
  return {
    expected: `a map, each value ${of.expected}`,
    ...(of.inner && { inner: of.inner }),
    read: (node, name, problems) => {
      if (isEmpty(node)) return new Map();
      if (node.kind !== 'map')
        return problems.add(
          node.place,
          `${name} must be a map, but is ${node.kind === 'list' ? 'a list' : 'a value'}`,
        );
      const read = node.entries.map(({ key, place, value }) => {
        if (names !== undefined && !names.test(key))
          problems.add(
            place,
            `${name}.${key}: a name may have small letters, digits, - and _, at most 40 in all`,
          );
        return [key, of.read(value, `${name}.${key}`, problems)] as const;
      });
      const sound = read.flatMap(([key, value]) => (value === undefined ? [] : [[key, value] as const]));
      return sound.length === read.length ? new Map(sound) : undefined;
    },
  };
}
