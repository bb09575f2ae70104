/** A page's state as the URL holds it: every value is text or a list of texts, so that addresses stay readable. */
export type SearchState = Readonly<Record<string, string | readonly string[]>>;

/** Reads the query part of an address; a name that occurs more than once is a list. */
export function parseSearch(text: string): SearchState {
  const query = new URLSearchParams(text);
  const names = new Set(query.keys());
  return Object.fromEntries([...names].map((name) => [name, oneOrMany(query.getAll(name))]));
}

function oneOrMany(values: readonly string[]): string | readonly string[] {
  return values.length === 1 ? (values[0] ?? '') : values;
}

/** Writes the state of a page as the query part of an address; what is undefined or empty is left out. */
export function stringifySearch(state: Readonly<Record<string, unknown>>): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(state)) {
    for (const one of [value].flat()) {
      if (one !== undefined && one !== null && one !== '') query.append(name, String(one));
    }
  }
  return query.size === 0 ? '' : `?${query}`;
}

/** A field of a page's state as text; undefined when it is absent or a list. */
export function textOf(state: Readonly<Record<string, unknown>>, name: string): string | undefined {
  const value = state[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** A field of a page's state as a list; undefined when it is absent. */
export function listOf(
  state: Readonly<Record<string, unknown>>,
  name: string,
): readonly string[] | undefined {
  const values = [state[name]]
    .flat()
    .filter((value): value is string => typeof value === 'string' && value !== '');
  return values.length === 0 ? undefined : values;
}
