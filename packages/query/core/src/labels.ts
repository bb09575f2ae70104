import { compareUtf8 } from '@maru/otlp/prometheus';

/**
 * A label set: sorted by name (bytes of UTF-8), no name twice, no empty value (Prometheus holds an empty label to be an
 * absent one). A `Map`, so that names such as `__proto__` are names like any other. Made by `labelsOf` only.
 */
export type Labels = ReadonlyMap<string, string>;

/** The label that holds a metric's name. */
export const metricName = '__name__';

/** The label set of these pairs; of a name given twice the last wins. */
export function labelsOf(pairs: Iterable<readonly [string, string]>): Labels {
  const labels = new Map<string, string>();
  // Stored labels are in order already; then nothing has to be sorted.
  let isInOrder = true;
  let previous: string | undefined;
  for (const [name, value] of pairs) {
    if (value === '' || (previous !== undefined && compareUtf8(previous, name) >= 0)) isInOrder = false;
    labels.set(name, value);
    previous = name;
  }
  return isInOrder ? labels : sortedLabels(labels);
}

function sortedLabels(given: ReadonlyMap<string, string>): Labels {
  const names = [...given.keys()].filter((name) => given.get(name) !== '').sort(compareUtf8);
  return new Map(names.map((name) => [name, given.get(name) ?? '']));
}

/** The label set with no labels. */
export const noLabels: Labels = new Map();

/** The set without these names. */
export function withoutLabels(labels: Labels, names: ReadonlySet<string>): Labels {
  return new Map([...labels].filter(([name]) => !names.has(name)));
}

/** The set with these names only. */
export function onlyLabels(labels: Labels, names: ReadonlySet<string>): Labels {
  return new Map([...labels].filter(([name]) => names.has(name)));
}

/** The set with one label set, or taken away by an empty value. */
export function withLabel(labels: Labels, name: string, value: string): Labels {
  const changed = new Map<string, string>();
  let isPlaced = value === '';
  for (const [known, kept] of labels) {
    if (known === name) continue;
    if (!isPlaced && compareUtf8(known, name) > 0) {
      changed.set(name, value);
      isPlaced = true;
    }
    changed.set(known, kept);
  }
  if (!isPlaced) changed.set(name, value);
  return changed;
}

/**
 * A text that two label sets share only when they are equal. Lengths are part of it, so no value can imitate a
 * separator.
 */
export function labelsKey(labels: Labels): string {
  let key = '';
  for (const [name, value] of labels) key += labelKey(name, value);
  return key;
}

/** What one label adds to the key of a set. */
export function labelKey(name: string, value: string): string {
  return `${name.length}:${value.length}:${name}${value}`;
}

/** Order of label sets as Prometheus sorts results: name by name, value by value, the shorter first. */
export function compareLabels(left: Labels, right: Labels): number {
  const leftEntries = left.entries();
  const rightEntries = right.entries();
  for (;;) {
    const a = leftEntries.next();
    const b = rightEntries.next();
    if (a.done || b.done) return Number(b.done ?? false) - Number(a.done ?? false);
    const order = compareUtf8(a.value[0], b.value[0]) || compareUtf8(a.value[1], b.value[1]);
    if (order !== 0) return order;
  }
}

/** A label set as Prometheus prints it in texts: `{a="b", c="d"}`, the metric's name inside as `__name__`. */
export function printLabels(labels: Labels): string {
  return `{${[...labels].map(([name, value]) => `${printLabelName(name)}=${quoteText(value)}`).join(', ')}}`;
}

/** A label's name, quoted where it is not a classic identifier. */
export function printLabelName(name: string): string {
  return /^[a-zA-Z_][a-zA-Z0-9_]*$/.test(name) ? name : quoteText(name);
}

/** A string in double quotes as Go's `%q` writes it; lone surrogates carry bytes that were no UTF-8 (see PromQL strings). */
export function quoteText(text: string): string {
  let quoted = '';
  for (const character of text) quoted += quotedCharacter(character);
  return `"${quoted}"`;
}

function quotedCharacter(character: string): string {
  const named = namedEscapes.get(character);
  if (named !== undefined) return named;
  const code = character.codePointAt(0) ?? 0;
  if (code >= 0xdc80 && code <= 0xdcff) return `\\x${(code - 0xdc00).toString(16)}`;
  return code < 32 || code === 127 ? `\\x${code.toString(16).padStart(2, '0')}` : character;
}

const namedEscapes: ReadonlyMap<string, string> = new Map([
  ['"', '\\"'],
  ['\\', '\\\\'],
  ['\n', '\\n'],
  ['\r', '\\r'],
  ['\t', '\\t'],
  ['\x07', '\\a'],
  ['\b', '\\b'],
  ['\f', '\\f'],
  ['\v', '\\v'],
]);
