import type { Described, Kind } from './kind.ts';
import { nearest } from './nearest.ts';
import { type ConfigNode, isEmpty, type MapNode } from './node.ts';
import type { Problems } from './problems.ts';

/** One setting of a map: its kind, what the reference says, and what holds when it is left out. */
export interface Field<T> {
  readonly kind: Kind<T>;
  readonly doc: string;
  readonly fallback: Fallback<T>;
}

type Fallback<T> =
  | { readonly is: 'required' }
  | { readonly is: 'absent' }
  | { readonly is: 'value'; readonly value: T; readonly shown: string };

/** A setting that must be there. */
export function required<T>(kind: Kind<T>, doc: string): Field<T> {
  return { kind, doc, fallback: { is: 'required' } };
}

/** A setting that may be left out. */
export function optional<T>(kind: Kind<T>, doc: string): Field<T | undefined> {
  return { kind, doc, fallback: { is: 'absent' } };
}

/** A setting with a default; `shown` is how the reference writes it. */
export function defaulted<T>(kind: Kind<T>, value: T, shown: string, doc: string): Field<T> {
  return { kind, doc, fallback: { is: 'value', value, shown } };
}

/** The values of a table of fields. */
export type ValuesOf<F> = { readonly [K in keyof F]: F[K] extends Field<infer T> ? T : never };

type Fields = Readonly<Record<string, Field<unknown>>>;

/** A map with these settings and no others. */
export function fields<F extends Fields>(table: F): Kind<ValuesOf<F>> {
  return {
    expected: 'a map',
    inner: describe(table),
    read: (node, name, problems) => {
      const map = asMap(node, name, problems);
      return map && readFields(table, map, name, problems);
    },
  };
}

function asMap(node: ConfigNode, name: string, problems: Problems): MapNode | undefined {
  if (node.kind === 'map') return node;
  if (isEmpty(node)) return { kind: 'map', place: node.place, entries: [] };
  const what = node.kind === 'list' ? 'a list' : 'a value';
  return problems.add(node.place, `${name === '' ? 'the file' : name} must be a map, but is ${what}`);
}

function readFields<F extends Fields>(
  table: F,
  map: MapNode,
  name: string,
  problems: Problems,
): ValuesOf<F> | undefined {
  const before = problems.all.length;
  const path = (key: string): string => (name === '' ? key : `${name}.${key}`);
  for (const { key, place } of map.entries)
    if (!Object.hasOwn(table, key)) problems.add(place, unknownKey(path(key), key, Object.keys(table)));
  const values = Object.fromEntries(
    Object.entries(table).map(([key, field]) => [key, valueIn(field, map, key, path(key), problems)]),
  );
  return problems.all.length === before ? (values as ValuesOf<F>) : undefined;
}

function valueIn(
  field: Field<unknown>,
  map: MapNode,
  key: string,
  name: string,
  problems: Problems,
): unknown {
  const node = map.entries.find((entry) => entry.key === key)?.value;
  if (node !== undefined) return field.kind.read(node, name, problems);
  if (field.fallback.is === 'value') return field.fallback.value;
  if (field.fallback.is === 'required')
    problems.add(map.place, `${name} is missing: it must be ${field.kind.expected}`);
  return undefined;
}

function unknownKey(path: string, key: string, known: readonly string[]): string {
  const near = nearest(key, known);
  const advice = near === undefined ? `here may stand ${known.join(', ')}` : `did you mean ${near}?`;
  return `there is no setting ${path}; ${advice}`;
}

/** The table as lines of the reference. */
function describe(table: Fields): readonly Described[] {
  return Object.entries(table).map(([name, { kind, doc, fallback }]) => ({
    name,
    expected: kind.expected,
    fallback: fallback.is === 'value' ? fallback.shown : fallback.is === 'required' ? 'must be given' : '',
    doc,
    inner: kind.inner ?? [],
  }));
}
