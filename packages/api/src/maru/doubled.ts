import { type NanoRange, nanosPerSecond } from '@maru/query-core';
import { type Reader, sql } from '@maru/store';
import type { DoubledResponse } from '../contract.ts';
import type { Parameters } from '../http/parameters.ts';
import { unixSecondsRange } from '../http/unix-range.ts';
import { spansWithin } from '../sql-time.ts';

/** Long enough for a service that is asked once a minute, and a second's work at 100,000 spans a second. */
const usualSeconds = 120;

/** Nobody waits longer for a page. */
const longestMs = 10_000;

interface Row {
  readonly name: string;
  readonly spans: string;
  readonly distinct: string;
  readonly resources: string;
}

/**
 * Services of which spans are stored more than once under the same trace and span id. Repeated loads add nothing and a
 * sender repeats only what was not acknowledged, so that many of them came by two ways.
 */
export async function doubled(
  reader: Reader,
  parameters: Parameters,
  signal: AbortSignal,
): Promise<DoubledResponse> {
  return doubledIn(reader, unixSecondsRange(parameters, usualSeconds), signal);
}

/** The same of the last two minutes by this machine's clock. */
export function doubledLately(reader: Reader): Promise<DoubledResponse> {
  const endUnixNano = BigInt(Date.now()) * 1_000_000n;
  const startUnixNano = endUnixNano - BigInt(usualSeconds) * nanosPerSecond;
  return doubledIn(reader, { startUnixNano, endUnixNano }, AbortSignal.timeout(longestMs));
}

async function doubledIn(reader: Reader, range: NanoRange, signal: AbortSignal): Promise<DoubledResponse> {
  // A hash of 8 bytes stands for each id: a thousandth of them would have to be wrong to be seen in the share.
  const query = sql`
    SELECT service_name AS name, count() AS spans, uniqExact(cityHash64(trace_id, span_id)) AS distinct,
      uniqExact(resource_id) AS resources
    FROM spans
    WHERE ${spansWithin(range)}
    GROUP BY name
    HAVING spans > distinct
    ORDER BY name`;
  const rows = await reader.rows<Row>(query, { signal });
  return {
    services: rows.map(({ name, spans, distinct, resources }) => ({
      name,
      spans: String(spans),
      distinct: String(distinct),
      resources: Number(resources),
    })),
  };
}
