/** Reads values of unknown shape: everything here came from a network or a paste and may be anything. */

/** The value under a path of keys, or undefined as soon as one is missing. */
export function at(value: unknown, ...path: readonly (string | number)[]): unknown {
  let current = value;
  for (const key of path) {
    if (typeof current !== 'object' || current === null || !Object.hasOwn(current, key)) return undefined;
    current = (current as Readonly<Record<string | number, unknown>>)[key];
  }
  return current;
}

/** A string, or a number or boolean written as one; empty for all else. */
export function textAt(value: unknown, ...path: readonly (string | number)[]): string {
  const found = at(value, ...path);
  if (typeof found === 'string') return found;
  return typeof found === 'number' || typeof found === 'boolean' ? String(found) : '';
}

/** A finite number, or a string that is one; undefined for all else. */
export function numberAt(value: unknown, ...path: readonly (string | number)[]): number | undefined {
  const found = textAt(value, ...path);
  const number = Number(found);
  return found !== '' && Number.isFinite(number) ? number : undefined;
}

export function listAt(value: unknown, ...path: readonly (string | number)[]): readonly unknown[] {
  const found = at(value, ...path);
  return Array.isArray(found) ? found : [];
}

/** An object's entries whose values are text, as a record; undefined when there is no object. */
export function textsAt(
  value: unknown,
  ...path: readonly (string | number)[]
): Readonly<Record<string, string>> | undefined {
  const found = at(value, ...path);
  if (typeof found !== 'object' || found === null || Array.isArray(found)) return undefined;
  return Object.fromEntries(Object.keys(found).map((key) => [key, textAt(found, key)]));
}
