import type { Direction } from '@maru/logql';
import { type NanoRange, nanosPerSecond, parseFloatText, parseNanoDuration } from '@maru/query-core';
import { RequestError } from '../http/failure.ts';
import { type Parameters, shown } from '../http/parameters.ts';

/** Points that one query may ask of a series, as Prometheus and Loki have it. */
const maxSteps = 11_000;

/** Lines that one query may ask for: Loki's `max_entries_limit_per_query`. */
const maxLines = 5_000;

const hourNanos = 3_600n * nanosPerSecond;

/** `start` and `end` (or `since`) of a request; the last hour when they are not given. */
export function lokiRange(parameters: Parameters, now: bigint = nowNanos()): NanoRange {
  const endUnixNano = lokiTime(parameters, 'end') ?? now;
  const since = parameters.get('since');
  const length = since === undefined ? hourNanos : durationOf('since', since);
  const startUnixNano = lokiTime(parameters, 'start') ?? endUnixNano - length;
  if (endUnixNano < startUnixNano)
    throw new RequestError('bad_request', 'end timestamp must not be before or equal to start time');
  return { startUnixNano, endUnixNano };
}

function nowNanos(): bigint {
  return BigInt(Date.now()) * 1_000_000n;
}

/**
 * A time as Loki reads it: digits are nanoseconds, but up to ten of them seconds; with a point float seconds; else
 * RFC 3339.
 */
export function lokiTime(parameters: Parameters, name: string): bigint | undefined {
  const text = parameters.get(name);
  if (text === undefined) return undefined;
  if (/^-?\d{1,19}$/.test(text)) return text.length <= 10 ? BigInt(text) * nanosPerSecond : BigInt(text);
  if (/^\d{1,12}\.\d{1,12}$/.test(text)) return decimalSeconds(text);
  return rfc3339(text) ?? badTime(name, text);
}

function badTime(name: string, text: string): never {
  throw new RequestError(
    'bad_request',
    `could not parse '${name}' parameter: ${shown(text)} is no time in seconds, nanoseconds or RFC 3339`,
  );
}

function decimalSeconds(text: string): bigint {
  const [whole = '0', fraction = ''] = text.split('.');
  return BigInt(whole) * nanosPerSecond + BigInt(fraction.slice(0, 9).padEnd(9, '0'));
}

const rfc3339Form = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d)$/;

function rfc3339(text: string): bigint | undefined {
  const match = rfc3339Form.exec(text);
  const milliseconds = match === null ? Number.NaN : Date.parse(`${match[1]}${match[3]}`);
  if (Number.isNaN(milliseconds)) return undefined;
  return BigInt(milliseconds) * 1_000_000n + BigInt((match?.[2] ?? '').padEnd(9, '0'));
}

/** `step`, or one that gives about 250 points; refused when it gives more than 11,000. */
export function lokiStep(parameters: Parameters, { startUnixNano, endUnixNano }: NanoRange): bigint {
  const text = parameters.get('step');
  const length = endUnixNano - startUnixNano;
  const step = text === undefined ? usualStep(length) : durationOf('step', text);
  if (step <= 0n)
    throw new RequestError(
      'bad_request',
      'zero or negative query resolution step widths are not accepted. Try a positive integer',
    );
  if (length / step > BigInt(maxSteps)) {
    throw new RequestError(
      'bad_request',
      `exceeded maximum resolution of ${maxSteps.toLocaleString('en')} points per time series. Try increasing the value of the step parameter`,
    );
  }
  return step;
}

function usualStep(length: bigint): bigint {
  const seconds = length / 250n / nanosPerSecond;
  return (seconds < 1n ? 1n : seconds) * nanosPerSecond;
}

/** A duration (`1m`, `1000ms`) or a number of seconds, in nanoseconds. */
function durationOf(name: string, text: string): bigint {
  const seconds = parseFloatText(text);
  if (seconds !== undefined && Number.isFinite(seconds) && Math.abs(seconds) < 1e10)
    return BigInt(Math.round(seconds * 1e9));
  const nanos = parseNanoDuration(text);
  if (nanos !== undefined) return nanos;
  throw new RequestError('bad_request', `cannot parse ${shown(text)} to a valid duration for ${name}`);
}

/** `interval`, 0 when it is not given. */
export function lokiInterval(parameters: Parameters): bigint {
  const text = parameters.get('interval');
  const nanos = text === undefined ? 0n : durationOf('interval', text);
  if (nanos < 0n) throw new RequestError('bad_request', 'interval must be >= 0');
  return nanos;
}

/** `limit` of lines. */
export function lokiLimit(parameters: Parameters): number {
  const limit = parameters.integer('limit', {
    absent: 100,
    min: Number.MIN_SAFE_INTEGER,
    max: Number.MAX_SAFE_INTEGER,
  });
  if (limit <= 0) throw new RequestError('bad_request', 'limit must be a positive value');
  if (limit <= maxLines) return limit;
  throw new RequestError(
    'bad_request',
    `max entries limit per query exceeded, limit > max_entries_limit_per_query (${limit} > ${maxLines})`,
  );
}

/** `direction`, the newest first when it is not given. */
export function lokiDirection(parameters: Parameters): Direction {
  const text = (parameters.get('direction') ?? 'backward').toLowerCase();
  if (text === 'forward' || text === 'backward') return text;
  throw new RequestError('bad_request', `invalid direction ${shown(text)}: it must be forward or backward`);
}
