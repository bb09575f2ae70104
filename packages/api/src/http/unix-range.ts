import { type NanoRange, nanosPerSecond } from '@maru/query-core';
import { RequestError } from './failure.ts';
import { type Parameters, shown } from './parameters.ts';

/** Seconds up to the year 2262, where 64-bit nanoseconds end. */
const maxUnixSeconds = 9_223_372_036;

/** `start` and `end` in Unix seconds; the last `absentSeconds` up to now when they are not given. */
export function unixSecondsRange(
  parameters: Parameters,
  absentSeconds: number,
  now: number = Date.now(),
): NanoRange {
  const end = unixSeconds(parameters, 'end') ?? BigInt(Math.ceil(now / 1000) + 1);
  const start = unixSeconds(parameters, 'start') ?? end - BigInt(absentSeconds);
  if (end <= start) {
    throw new RequestError('bad_request', `the range is empty: end (${end}) must be after start (${start})`);
  }
  return { startUnixNano: (start < 0n ? 0n : start) * nanosPerSecond, endUnixNano: end * nanosPerSecond };
}

function unixSeconds(parameters: Parameters, name: string): bigint | undefined {
  const text = parameters.get(name);
  if (text === undefined || text === '0') return undefined;
  if (/^\d{1,10}$/.test(text) && Number(text) <= maxUnixSeconds) return BigInt(text);
  throw new RequestError('bad_request', `cannot read ${name} from ${shown(text)}: it must be Unix seconds`);
}
