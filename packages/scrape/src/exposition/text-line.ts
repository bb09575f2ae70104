import { parseFloatText } from '@maru/query-core/float';
import { BadExposition, type Pairs } from './exposition.ts';

/** A line with a sample, in three parts. */
export interface SampleLine {
  /** Name and labels as they stand, which are the same from scrape to scrape. */
  readonly series: string;
  readonly value: number;
  /** What follows the value: a time, an exemplar, or nothing. */
  readonly rest: string;
}

/** No sender writes longer ones; a body that is one line must not be searched as such. */
const longestLine = 1024 * 1024;

/** Takes a sample's line apart. Throws a `BadExposition`. */
export function splitSample(line: string): SampleLine {
  if (line.length > longestLine) throw new BadExposition(`a line is longer than ${longestLine} characters`);
  const end = seriesEnd(line);
  const [, valueText = '', rest = ''] = /^[ \t]*([^ \t]+)[ \t]*(.*)$/.exec(line.slice(end)) ?? [];
  const value = parseFloatText(valueText);
  if (end === 0 || value === undefined)
    throw new BadExposition(`this line is no sample: ${JSON.stringify(line.slice(0, 200))}`);
  return { series: line.slice(0, end), value, rest };
}

/** Where name and labels end: behind the brace that closes the labels, or at the first space. */
function seriesEnd(line: string): number {
  const open = line.indexOf('{');
  const space = line.search(/[ \t]/);
  if (open === -1 || (space !== -1 && space < open && line.slice(space, open).trim() !== ''))
    return Math.max(space, 0);
  return closingBrace(line, open) + 1;
}

/** The brace that ends a label set, outside of quotes. -1 when there is none. */
export function closingBrace(line: string, open: number): number {
  let quoted = false;
  for (let at = open + 1; at < line.length; at += 1) {
    const code = line.charCodeAt(at);
    if (code === backslash && quoted) at += 1;
    else if (code === quote) quoted = !quoted;
    else if (code === brace && !quoted) return at;
  }
  return -1;
}

const backslash = 0x5c;
const quote = 0x22;
const brace = 0x7d;

const label =
  /[ \t]*(?:([a-zA-Z_][a-zA-Z0-9_]*)|"((?:[^"\\]|\\.)*)")[ \t]*(?:=[ \t]*"((?:[^"\\]|\\.)*)"[ \t]*)?(?:,|$)/y;
const metricName = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;

/** Labels of a series as it is written: `name{a="b"}`, or `{"name", a="b"}` where the name is no classic one. */
export function parseSeries(series: string): Pairs {
  const open = series.indexOf('{');
  const name = (open === -1 ? series : series.slice(0, open)).trim();
  const labels = open === -1 ? [] : parseLabels(series.slice(open + 1, -1), name === '');
  const all: Pairs = name === '' ? labels : [['__name__', name], ...labels];
  const isNamed = name === '' ? all.some(([key]) => key === '__name__') : metricName.test(name);
  if (!isNamed)
    throw new BadExposition(`this is no name of a metric: ${JSON.stringify(series.slice(0, 200))}`);
  return all;
}

/** The inside of a label set. A quoted text without a value is the metric's name, where it may stand. */
export function parseLabels(text: string, withName: boolean): Pairs {
  const pairs: (readonly [string, string])[] = [];
  let at = 0;
  while (text.slice(at).trim() !== '') {
    label.lastIndex = at;
    const match = label.exec(text);
    const [, bare, quoted, value] = match ?? [];
    if (match === null || (value === undefined && !(withName && quoted !== undefined)))
      throw new BadExposition(`these are no labels: ${JSON.stringify(text.slice(0, 200))}`);
    pairs.push(
      value === undefined
        ? ['__name__', unescaped(quoted ?? '')]
        : [bare ?? unescaped(quoted ?? ''), unescaped(value)],
    );
    at = label.lastIndex;
  }
  return pairs;
}

/** `\\`, `\"` and `\n` are escapes; every other backslash stands for itself. */
export function unescaped(text: string): string {
  if (!text.includes('\\')) return text;
  return text.replace(/\\([\\"n])/g, (_, character: string) => (character === 'n' ? '\n' : character));
}
