import { parseFloatText } from '@maru/query-core/float';
import type { WrittenExemplar } from '@maru/receive/prometheus';
import {
  BadExposition,
  type ExposedSample,
  type Exposition,
  type Family,
  familyFinder,
} from './exposition.ts';
import { describe, familyName, linesOf, withFloatLabels } from './text.ts';
import { closingBrace, parseLabels, parseSeries, splitSample } from './text-line.ts';

/**
 * Reads OpenMetrics text 1.0 (and 0.0.1): times in seconds, exemplars, times of creation, an end that must be there. Throws a
 * `BadExposition`.
 *
 * Format: https://github.com/prometheus/OpenMetrics/blob/main/specification/OpenMetrics.md
 */
export function parseOpenMetrics(body: string): Exposition {
  const families = new Map<string, Family>();
  const read: ExposedSample[] = [];
  let ended = false;
  for (const line of linesOf(body)) {
    if (ended) throw new BadExposition('something stands behind # EOF');
    if (line === '# EOF') ended = true;
    else if (line.startsWith('#')) readDescriptor(line, families);
    else read.push(readSample(line, families));
  }
  if (!ended) throw new BadExposition('the end, # EOF, is missing: the body was cut off');
  return { samples: withStarts(read, families), familyOf: familyFinder(families) };
}

function readDescriptor(line: string, families: Map<string, Family>): void {
  const [, kind = '', name = '', text = ''] =
    /^# (HELP|TYPE|UNIT) ("(?:[^"\\]|\\.)*"|[^ ]+)(?: (.*))?$/.exec(line) ?? [];
  if (kind === '')
    throw new BadExposition(
      `this line is neither HELP, TYPE, UNIT nor EOF: ${JSON.stringify(line.slice(0, 200))}`,
    );
  describe(families, familyName(name), kind, text);
}

function readSample(line: string, families: ReadonlyMap<string, Family>): ExposedSample {
  const { series, value, rest } = splitSample(line);
  const [, time, exemplar] = /^([^# \t]+)?[ \t]*(?:#[ \t]*(\{.*))?$/.exec(rest) ?? [];
  if (rest !== '' && time === undefined && exemplar === undefined)
    throw new BadExposition(
      `this line's end is neither a time nor an exemplar: ${JSON.stringify(line.slice(0, 200))}`,
    );
  return {
    series,
    labels: () => withFloatLabels(parseSeries(series), families),
    value,
    timeMs: time === undefined ? undefined : milliseconds(time),
    startMs: 0,
    exemplars: exemplar === undefined ? [] : [readExemplar(exemplar)],
    histogram: undefined,
  };
}

/** `{trace_id="…"} 0.67 1520879607.789`; the time may be missing, and is that of the scrape then. */
function readExemplar(text: string): WrittenExemplar {
  const close = closingBrace(text, 0);
  const [value, time, more] = text
    .slice(close + 1)
    .trim()
    .split(/[ \t]+/);
  const number = parseFloatText(value ?? '');
  if (close === -1 || number === undefined || more !== undefined)
    throw new BadExposition(`this is no exemplar: ${JSON.stringify(text.slice(0, 200))}`);
  const timeMs = time === undefined ? unknownTime : BigInt(milliseconds(time));
  return { labels: parseLabels(text.slice(1, close), false), value: number, timeMs };
}

/** What stands for the time of an exemplar that has none; the scrape puts its own there. */
export const unknownTime = -1n;

function milliseconds(text: string): number {
  const seconds = parseFloatText(text);
  if (seconds === undefined || !Number.isFinite(seconds) || Math.abs(seconds) > 9e12)
    throw new BadExposition(`this is no time in seconds: ${JSON.stringify(text.slice(0, 40))}`);
  return Math.round(seconds * 1000);
}

const countedFrom: ReadonlySet<string> = new Set(['counter', 'histogram', 'summary', 'gaugehistogram']);
const created = '_created';

/** A `_created` line says from when on the other series of its metric count. */
function withStarts(
  samples: readonly ExposedSample[],
  families: ReadonlyMap<string, Family>,
): readonly ExposedSample[] {
  const starts = new Map<string, number>();
  for (const { series, value } of samples) {
    const name = nameIn(series);
    if (name.endsWith(created) && countedFrom.has(families.get(name.slice(0, -created.length))?.type ?? ''))
      starts.set(metricKey(series, name.slice(0, -created.length)), value * 1000);
  }
  if (starts.size === 0) return samples;
  return samples.map((sample) => ({ ...sample, startMs: startOf(sample.series, starts) }));
}

function startOf(series: string, starts: ReadonlyMap<string, number>): number {
  const name = nameIn(series);
  const family = name.replace(/_(total|bucket|sum|count|created)$/, '');
  const startMs = starts.get(metricKey(series, family)) ?? starts.get(metricKey(series, name)) ?? 0;
  return Number.isFinite(startMs) && startMs > 0 ? Math.round(startMs) : 0;
}

function nameIn(series: string): string {
  const open = series.indexOf('{');
  return open === -1 ? series : series.slice(0, open);
}

/** A metric's name and labels without those that tell its own series apart. */
function metricKey(series: string, family: string): string {
  const labels = series.slice(nameIn(series).length + 1, -1);
  const own = labels.replace(/(^|,)(?:le|quantile)="[^"]*"/, '').replace(/^,|,$/, '');
  return `${family}{${own}`;
}
