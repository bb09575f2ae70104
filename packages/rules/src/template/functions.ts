import { compilePattern, parseDuration } from '@maru/query-core';
import {
  humanize,
  humanize1024,
  humanizeDuration,
  humanizePercentage,
  humanizeTimestamp,
} from './humanize.ts';
import { TemplateError } from './lexer.ts';
import { goPrintf } from './printf.ts';
import { isList, isMap, isTrue, printValue, toNumber, toText, type Value } from './value.ts';

/** What functions need of the place where the template is expanded. */
export interface TemplateContext {
  /** Runs a query at the template's time; each sample is a map of `Labels` and `Value`. */
  query(expression: string): Promise<readonly ReadonlyMap<string, Value>[]>;
  readonly externalUrl: string;
  readonly timeMs: number;
}

export type TemplateFunction = (values: readonly Value[], context: TemplateContext) => Value | Promise<Value>;

const numeric =
  (print: (value: number) => string): TemplateFunction =>
  (values) =>
    print(toNumber(only(values)));

const textual =
  (change: (text: string) => string): TemplateFunction =>
  (values) =>
    change(toText(only(values)));

function only(values: readonly Value[]): Value {
  if (values.length !== 1) throw new TemplateError(`wrong number of args: want 1 got ${values.length}`);
  return values[0] ?? null;
}

function pair(values: readonly Value[]): readonly [Value, Value] {
  if (values.length !== 2) throw new TemplateError(`wrong number of args: want 2 got ${values.length}`);
  return [values[0] ?? null, values[1] ?? null];
}

/** Prometheus's functions and those of Go's templates, each by the name that templates call it. */
export const templateFunctions: ReadonlyMap<string, TemplateFunction> = new Map<string, TemplateFunction>([
  ['humanize', numeric(humanize)],
  ['humanize1024', numeric(humanize1024)],
  ['humanizeDuration', numeric(humanizeDuration)],
  ['humanizePercentage', numeric(humanizePercentage)],
  ['humanizeTimestamp', numeric(humanizeTimestamp)],
  ['toTime', numeric(humanizeTimestamp)],
  ['toDuration', numeric(goDurationText)],
  ['now', (_, { timeMs }) => timeMs / 1000],
  ['title', textual((text) => text.replace(/(^|[^\p{L}\p{N}_'])(\p{L})/gu, (whole) => whole.toUpperCase()))],
  ['toUpper', textual((text) => text.toUpperCase())],
  ['toLower', textual((text) => text.toLowerCase())],
  ['stripPort', textual(stripPort)],
  ['stripDomain', textual(stripDomain)],
  ['parseDuration', textual2(parseSeconds)],
  ['match', (values) => matches(...pair(values))],
  ['reReplaceAll', reReplaceAll],
  ['graphLink', textual((expression) => `/graph?g0.expr=${encodeQuery(expression)}&g0.tab=0`)],
  ['tableLink', textual((expression) => `/graph?g0.expr=${encodeQuery(expression)}&g0.tab=1`)],
  ['externalURL', (_, { externalUrl }) => externalUrl],
  ['pathPrefix', (_, { externalUrl }) => URL.parse(externalUrl)?.pathname.replace(/\/$/, '') ?? ''],
  ['urlQueryEscape', textual(encodeQuery)],
  ['query', (values, context) => context.query(toText(only(values)))],
  ['first', (values) => firstOf(only(values))],
  ['label', (values) => labelOf(...pair(values))],
  ['value', (values) => fieldOf(only(values), 'Value')],
  ['strvalue', (values) => labelOf('__value__', only(values))],
  ['sortByLabel', (values) => sortByLabel(...pair(values))],
  ['args', (values) => new Map(values.map((value, index) => [`arg${index}`, value]))],
  ['safeHtml', (values) => only(values)],
  ['and', (values) => values.find((value) => !isTrue(value)) ?? values.at(-1) ?? null],
  ['or', (values) => values.find(isTrue) ?? values.at(-1) ?? null],
  ['not', (values) => !isTrue(only(values))],
  ['len', (values) => lengthOf(only(values))],
  ['index', ([from = null, ...keys]) => keys.reduce(itemOf, from)],
  ['slice', ([from = null, ...bounds]) => sliceOf(from, bounds.map(toNumber))],
  ['print', (values) => printed(values)],
  ['println', (values) => `${values.map(printValue).join(' ')}\n`],
  ['printf', ([format = '', ...values]) => goPrintf(toText(format), values)],
  ['html', (values) => escapeHtml(printed(values))],
  ['js', (values) => JSON.stringify(printed(values)).slice(1, -1)],
  ['urlquery', (values) => encodeQuery(printed(values))],
  ['eq', ([first = null, ...others]) => others.some((other) => compare(first, other) === 0)],
  ['ne', (values) => compare(...pair(values)) !== 0],
  ['lt', (values) => compare(...pair(values)) < 0],
  ['le', (values) => compare(...pair(values)) <= 0],
  ['gt', (values) => compare(...pair(values)) > 0],
  ['ge', (values) => compare(...pair(values)) >= 0],
]);

function textual2(change: (text: string) => Value): TemplateFunction {
  return (values) => change(toText(only(values)));
}

function stripPort(hostAndPort: string): string {
  const bracketed = /^\[([^\]]*)\]:\d+$/.exec(hostAndPort);
  if (bracketed !== null) return bracketed[1] ?? '';
  return /^[^:]*:[^:]*$/.test(hostAndPort) ? hostAndPort.replace(/:.*$/, '') : hostAndPort;
}

/** The host's first part; addresses stay whole, and a port stays. */
function stripDomain(hostAndPort: string): string {
  const [, host = '', port = ''] = /^(.*?)(:\d+)?$/.exec(hostAndPort) ?? [];
  if (/^[\d.]+$/.test(host) || host.includes(':')) return hostAndPort;
  return `${host.split('.', 1)[0]}${port}`;
}

function parseSeconds(text: string): number {
  const milliseconds = parseDuration(text);
  if (milliseconds === undefined)
    throw new TemplateError(`not a valid duration string: ${JSON.stringify(text)}`);
  return milliseconds / 1000;
}

/** Seconds as Go prints a `time.Duration`: `1h2m3s`. */
function goDurationText(seconds: number): string {
  const sign = seconds < 0 ? '-' : '';
  const rest = Math.abs(seconds);
  if (rest === 0) return '0s';
  if (rest < 1e-6) return `${sign}${Math.round(rest * 1e9)}ns`;
  if (rest < 1e-3) return `${sign}${Number((rest * 1e6).toFixed(3))}µs`;
  if (rest < 1) return `${sign}${Number((rest * 1e3).toFixed(6))}ms`;
  const [hours, minutes] = [Math.floor(rest / 3600), Math.floor(rest / 60) % 60];
  const left = `${Number((rest % 60).toFixed(9))}s`;
  if (hours > 0) return `${sign}${hours}h${minutes}m${left}`;
  return minutes > 0 ? `${sign}${minutes}m${left}` : `${sign}${left}`;
}

function matches(pattern: Value, text: Value): boolean {
  return compilePattern(toText(pattern)).test(toText(text));
}

function reReplaceAll([pattern = null, replacement = null, text = null]: readonly Value[]): string {
  return compilePattern(toText(pattern)).matcher(toText(text)).replaceAll(toText(replacement));
}

/** As Go's `url.QueryEscape`: a space is a plus. */
function encodeQuery(text: string): string {
  return encodeURIComponent(text.toWellFormed())
    .replaceAll('%20', '+')
    .replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
}

function firstOf(value: Value): Value {
  if (!isList(value)) throw new TemplateError('first() called on what is no vector');
  const [first] = value;
  if (first === undefined) throw new TemplateError('first() called on vector with no elements');
  return first;
}

function fieldOf(sample: Value, name: string): Value {
  if (!isMap(sample)) throw new TemplateError(`${printValue(sample)} is no sample`);
  return sample.get(name) ?? null;
}

function labelOf(name: Value, sample: Value): Value {
  const labels = fieldOf(sample, 'Labels');
  return (isMap(labels) ? labels.get(toText(name)) : undefined) ?? '';
}

function sortByLabel(name: Value, samples: Value): Value {
  if (!isList(samples)) throw new TemplateError('sortByLabel() called on what is no vector');
  const key = (sample: Value): string => toText(labelOf(name, sample));
  return samples.toSorted((left, right) => (key(left) < key(right) ? -1 : key(left) > key(right) ? 1 : 0));
}

function lengthOf(value: Value): bigint {
  if (typeof value === 'string') return BigInt(Buffer.byteLength(value));
  if (isList(value)) return BigInt(value.length);
  if (isMap(value)) return BigInt(value.size);
  throw new TemplateError(`len of ${printValue(value)}`);
}

function itemOf(from: Value, key: Value): Value {
  if (isMap(from)) return from.get(toText(key)) ?? '';
  if (!isList(from)) throw new TemplateError(`can't index ${printValue(from)}`);
  const item = from[toNumber(key)];
  if (item === undefined) throw new TemplateError(`index out of range: ${printValue(key)}`);
  return item;
}

function sliceOf(from: Value, [start = 0, end]: readonly number[]): Value {
  if (typeof from === 'string') return Buffer.from(from).subarray(start, end).toString('utf8');
  if (isList(from)) return from.slice(start, end);
  throw new TemplateError(`can't slice ${printValue(from)}`);
}

/** Go's `Sprint`: a space between two neighbours of which neither is a text. */
function printed(values: readonly Value[]): string {
  return values
    .map((value, index) => {
      const before = values[index - 1];
      const isApart = index > 0 && typeof value !== 'string' && typeof before !== 'string';
      return `${isApart ? ' ' : ''}${printValue(value)}`;
    })
    .join('');
}

const htmlEscapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  "'": '&#39;',
  '"': '&#34;',
};

function escapeHtml(text: string): string {
  return text.replace(/[&<>'"]/g, (character) => htmlEscapes[character] ?? character);
}

/** Below 0, 0 or above. Whole numbers and floats compare as numbers, where Go would refuse: nobody means otherwise. */
function compare(left: Value, right: Value): number {
  if (typeof left === 'string' && typeof right === 'string')
    return left === right ? 0 : left < right ? -1 : 1;
  if (typeof left === 'boolean' || typeof right === 'boolean' || left === null || right === null)
    return left === right ? 0 : Number.NaN;
  if (typeof left === 'string' || typeof right === 'string' || isList(left) || isList(right))
    throw new TemplateError('incompatible types for comparison');
  return (
    toNumber(left) - toNumber(right) ||
    (Number.isNaN(toNumber(left) - toNumber(right)) ? infinityOrder(left, right) : 0)
  );
}

function infinityOrder(left: Value, right: Value): number {
  return toNumber(left) === toNumber(right) ? 0 : Number.NaN;
}
