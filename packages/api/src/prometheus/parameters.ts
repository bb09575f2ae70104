import { parseChecked } from '@maru/promql';
import { type LabelMatcher, parseDuration } from '@maru/query-core';
import { RequestError } from '../http/failure.ts';
import { type Parameters, shown } from '../http/parameters.ts';

/** Prometheus keeps times in 64-bit milliseconds; beyond a double's whole numbers nothing is exact. */
const maxMilliseconds = Number.MAX_SAFE_INTEGER;

/** A time as Unix seconds (with fractions) or RFC 3339, in milliseconds. */
export function timeParameter(parameters: Parameters, name: string): number | undefined {
  const text = parameters.get(name);
  if (text === undefined) return undefined;
  const milliseconds = readTime(text);
  if (milliseconds !== undefined) return milliseconds;
  throw invalid(name, `cannot parse ${shown(text)} to a valid timestamp`);
}

export function requiredTime(parameters: Parameters, name: string): number {
  const time = timeParameter(parameters, name);
  if (time === undefined) throw invalid(name, 'cannot parse "" to a valid timestamp');
  return time;
}

function readTime(text: string): number | undefined {
  if (/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text)) return bounded(Math.round(Number(text) * 1000));
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(text)) return undefined;
  return bounded(Date.parse(text.replace(/(\.\d{3})\d+/, '$1')));
}

function bounded(milliseconds: number): number | undefined {
  return Math.abs(milliseconds) <= maxMilliseconds ? milliseconds : undefined;
}

/** A length of time as seconds or as `5m`, in milliseconds. */
export function durationParameter(parameters: Parameters, name: string): number | undefined {
  const text = parameters.get(name);
  if (text === undefined) return undefined;
  const milliseconds = readDuration(text);
  if (milliseconds !== undefined) return milliseconds;
  throw invalid(name, `cannot parse ${shown(text)} to a valid duration`);
}

function readDuration(text: string): number | undefined {
  if (/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text)) return bounded(Math.round(Number(text) * 1000));
  return parseDuration(text);
}

/** `limit`: 0 or absent for everything. */
export function limitParameter(parameters: Parameters, name = 'limit'): number {
  const text = parameters.get(name);
  if (text === undefined) return 0;
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw invalid(name, `cannot parse ${shown(text)} to a valid limit: it must be a whole number from 0 on`);
}

/** The selectors of every `match[]`. */
export function matchParameters(parameters: Parameters): readonly (readonly LabelMatcher[])[] {
  return parameters.getAll('match[]').map((text) => {
    const expression = parseChecked(text);
    if (
      expression.kind !== 'vectorSelector' ||
      expression.offset !== undefined ||
      expression.at !== undefined
    ) {
      throw invalid('match[]', `${shown(text)} is no series selector`);
    }
    return expression.matchers;
  });
}

/** Prometheus's wording for a parameter that cannot be used. */
export function invalid(name: string, why: string): RequestError {
  return new RequestError('bad_request', `invalid parameter "${name}": ${why}`);
}
