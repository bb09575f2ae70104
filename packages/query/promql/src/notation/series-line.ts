import { type Labels, labelsOf, metricName, parseDuration, parseFloatText } from '@maru/query-core';
import { addHistograms, scaleHistogram } from '../histogram/combine.ts';
import type { NativeHistogram } from '../histogram/native-histogram.ts';
import { parse } from '../syntax/parse.ts';
import { readHistogram, type WrittenHistogram } from './histogram.ts';

/** A point of a series in a script: a number, no sample, a stale marker, or a native histogram. */
export type Point = number | 'none' | 'stale' | WrittenHistogram;

/** One line of a script: labels and points. */
export interface SeriesLine {
  readonly labels: Labels;
  readonly points: readonly Point[];
}

/**
 * Reads `metric{label="value"} points`.
 *
 * @throws SyntaxError when a point cannot be read
 */
export function readSeriesLine(line: string): SeriesLine {
  const end = endOfLabels(line);
  return { labels: readLabels(line.slice(0, end).trim()), points: readPoints(line.slice(end).trim()) };
}

/** When the counters of a series' samples began, in milliseconds after each sample (so mostly below 0). */
export interface StartLine {
  readonly labels: Labels;
  readonly offsets: readonly (number | undefined)[];
}

/** Reads `series@st -30s-1mx2 _ …`. */
export function readStartLine(line: string): StartLine {
  const [, labels = '', offsets = ''] = /^(.*?)@st\s+(.*)$/.exec(line) ?? [];
  return { labels: readLabels(labels), offsets: offsets.split(/\s+/).flatMap(expandOffset) };
}

function expandOffset(word: string): readonly (number | undefined)[] {
  const blanks = /^_(?:x(\d+))?$/.exec(word);
  if (blanks !== null) return new Array<undefined>(Number(blanks[1] ?? 1)).fill(undefined);
  const [, first = '', step, count] = /^([+-]?[^x+-]+)(?:([+-][^x]+))?(?:x(\d+))?$/.exec(word) ?? [];
  const [start, by] = [readOffset(first), step === undefined ? 0 : readOffset(step)];
  return Array.from({ length: Number(count ?? 0) + 1 }, (_, index) => start + index * by);
}

function readOffset(text: string): number {
  return readTime(text.replace(/^\+/, ''));
}

/** Where the labels end: after the closing brace that is in no string, or at the first space. */
function endOfLabels(line: string): number {
  let quote = '';
  let depth = 0;
  for (let at = 0; at < line.length; at += 1) {
    const character = line.charAt(at);
    if (quote !== '') {
      if (character === '\\') at += 1;
      else if (character === quote) quote = '';
    } else if ('"\'`'.includes(character)) quote = character;
    else if (character === '{') depth += 1;
    else if (character === '}') depth -= 1;
    else if (depth === 0 && /\s/.test(character)) return at;
  }
  return line.length;
}

/** Labels are written as a selector of equalities, so PromQL's own parser reads them. */
export function readLabels(text: string): Labels {
  if (text === '{}') return new Map();
  const selector = parse(text);
  if (selector.kind !== 'vectorSelector') throw new SyntaxError(`no series: ${text}`);
  return labelsOf(selector.matchers.map((matcher) => [matcher.name, matcher.value]));
}

/** The points of a line, with `{{…}}` as one word each. */
export function readPoints(text: string): readonly Point[] {
  const words = text.match(/\{\{.*?\}\}?(?:[+-]\{\{.*?\}\}?)?(?:x\d+)?(?=\s|$)|\S+/g) ?? [];
  return words.flatMap(expand);
}

function expand(word: string): readonly Point[] {
  if (word.startsWith('{{')) return expandHistogram(word);
  const blanks = /^_(?:x(\d+))?$/.exec(word);
  if (blanks !== null) return repeat('none', Number(blanks[1] ?? 1));
  if (word === 'stale') return ['stale'];
  const series = /^(.+?)(?:([+-][^x]*?))?x(\d+)$/.exec(word);
  if (series === null) return [readNumber(word)];
  return expandSeries(series[1] ?? '', series[2], Number(series[3]));
}

function expandHistogram(word: string): readonly Point[] {
  const [, first = '', sign, step = '', count] =
    /^\{\{(.*?)\}\}?(?:([+-])\{\{(.*?)\}\}?)?(?:x(\d+))?$/.exec(word) ?? [];
  const start = readHistogram(first);
  const points: WrittenHistogram[] = [start];
  const by = sign === undefined ? undefined : readHistogram(step).histogram;
  for (let index = 0; index < Number(count ?? 0); index += 1) {
    const last = points.at(-1) ?? start;
    points.push({
      ...start,
      histogram: by === undefined ? last.histogram : stepped(last.histogram, by, sign),
    });
  }
  return points;
}

/** Scripts step by adding; the hint stays that of the first, as they mean it. */
function stepped(from: NativeHistogram, by: NativeHistogram, sign: string | undefined): NativeHistogram {
  const sum = addHistograms(from, sign === '-' ? scaleHistogram(by, -1) : by)?.histogram;
  if (sum === undefined) throw new SyntaxError('a series steps from exponential to custom buckets');
  return { ...sum, resetHint: from.resetHint };
}

function expandSeries(first: string, step: string | undefined, count: number): readonly Point[] {
  const start = readNumber(first);
  const by = step === undefined ? 0 : readNumber(step);
  return Array.from({ length: count + 1 }, (_, index) => start + index * by);
}

function repeat(point: Point, count: number): readonly Point[] {
  return new Array<Point>(count).fill(point);
}

function readNumber(text: string): number {
  const value = parseFloatText(text);
  if (value === undefined) throw new SyntaxError(`no number: ${text}`);
  return value;
}

/** Milliseconds of a time or step in a script: seconds, or a duration. */
export function readTime(text: string): number {
  const sign = text.startsWith('-') ? -1 : 1;
  const unsigned = text.replace(/^-/, '');
  const seconds = parseFloatText(unsigned);
  const milliseconds = seconds === undefined ? parseDuration(unsigned) : Math.round(seconds * 1000);
  if (milliseconds === undefined) throw new SyntaxError(`no time: ${text}`);
  return sign * milliseconds;
}

/** The name of a labelled line. */
export function nameOf(labels: Labels): string {
  return labels.get(metricName) ?? '';
}
