import {
  BadExposition,
  type ExposedSample,
  type Exposition,
  type Family,
  familyFinder,
  type Pairs,
} from './exposition.ts';
import { floatLabel } from './float-label.ts';
import { parseSeries, splitSample, unescaped } from './text-line.ts';

/**
 * Reads Prometheus's text format, versions 0.0.4 and 1.0.0. Throws a `BadExposition` at the first line that is wrong.
 *
 * Format: https://prometheus.io/docs/instrumenting/exposition_formats/
 */
export function parseText(body: string): Exposition {
  const families = new Map<string, Family>();
  const samples: ExposedSample[] = [];
  for (const line of linesOf(body)) {
    if (line.startsWith('#')) readComment(line, families);
    else samples.push(readSample(line, families));
  }
  return { samples, familyOf: familyFinder(families) };
}

/** Lines that hold something, without the space before them. */
export function* linesOf(body: string): Generator<string, void, undefined> {
  let at = 0;
  while (at < body.length) {
    const found = body.indexOf('\n', at);
    const end = found === -1 ? body.length : found;
    const line = body.slice(at, end).trim();
    if (line !== '') yield line;
    at = end + 1;
  }
}

const described = /^#[ \t]+(HELP|TYPE)[ \t]+("(?:[^"\\]|\\.)*"|[^ \t]+)(?:[ \t]+(.*))?$/;

/** HELP and TYPE; whatever else stands behind a `#` is a remark. */
function readComment(line: string, families: Map<string, Family>): void {
  const [, kind, name = '', text = ''] = described.exec(line) ?? [];
  if (kind !== undefined) describe(families, familyName(name), kind, text);
}

export function familyName(written: string): string {
  return written.startsWith('"') ? unescaped(written.slice(1, -1)) : written;
}

export function describe(families: Map<string, Family>, name: string, kind: string, text: string): void {
  const before = families.get(name) ?? { type: 'unknown', help: '' };
  if (kind === 'HELP') families.set(name, { ...before, help: unescaped(text) });
  else if (kind === 'TYPE') families.set(name, { ...before, type: text.trim() });
}

function readSample(line: string, families: ReadonlyMap<string, Family>): ExposedSample {
  const { series, value, rest } = splitSample(line);
  return {
    series,
    labels: () => withFloatLabels(parseSeries(series), families),
    value,
    timeMs: rest === '' ? undefined : readTime(rest, line),
    startMs: 0,
    exemplars: [],
    histogram: undefined,
  };
}

function readTime(text: string, line: string): number {
  if (!/^-?\d{1,19}$/.test(text))
    throw new BadExposition(`this line's time is no number of milliseconds: ${line.slice(0, 200)}`);
  return Number(text);
}

/** `le` of histograms and `quantile` of summaries are numbers: one number has one text, as in Prometheus 3. */
export function withFloatLabels(labels: Pairs, families: ReadonlyMap<string, Family>): Pairs {
  const name = labels.find(([key]) => key === '__name__')?.[1] ?? '';
  const isBucket = name.endsWith('_bucket') && isHistogram(families.get(name.slice(0, -'_bucket'.length)));
  const isQuantile = families.get(name)?.type === 'summary';
  if (!isBucket && !isQuantile) return labels;
  const numeric = isBucket ? 'le' : 'quantile';
  return labels.map(([key, value]) => [key, key === numeric ? normalized(value) : value]);
}

function isHistogram(family: Family | undefined): boolean {
  return family?.type === 'histogram' || family?.type === 'gaugehistogram';
}

function normalized(value: string): string {
  const number = value === '+Inf' ? Number.POSITIVE_INFINITY : Number(value);
  return Number.isNaN(number) || value.trim() === '' ? value : floatLabel(number);
}
