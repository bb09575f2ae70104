import { type NanoRange, nanosPerSecond } from '@maru/query-core';
import { type Reader, type Sql, sql } from '@maru/store';
import type { ServicePoint, ServiceSummary, ServicesResponse } from '../contract.ts';
import type { Parameters } from '../http/parameters.ts';
import { unixSecondsRange } from '../http/unix-range.ts';
import { spansWithin } from '../sql-time.ts';

/** One row a service and role; see `servicesSql`. */
interface RoleRow {
  readonly name: string;
  readonly role: 'served' | 'root' | 'inner';
  readonly spans: string;
  readonly errors: string;
  readonly quantiles: readonly number[];
  /** (interval's start in Unix seconds, spans, errors, 95th percentile in nanoseconds) */
  readonly points: readonly (readonly [number, number, number, number])[];
}

/** Intervals over the range: about what a sparkline of 120 pixels can show. */
const pointCount = 30n;

/**
 * Rate, errors and duration of every service that has spans in the range.
 *
 * A service's requests are its spans of kind server or consumer. A service without any (a browser, a job) has its
 * root spans instead.
 */
export async function services(
  reader: Reader,
  parameters: Parameters,
  signal: AbortSignal,
): Promise<ServicesResponse> {
  const range = unixSecondsRange(parameters, 3600);
  const rows = await reader.rows<RoleRow>(servicesSql(range), { signal });
  const seconds = Number((range.endUnixNano - range.startUnixNano) / nanosPerSecond);
  const names = [...new Set(rows.map((row) => row.name))];
  return {
    services: names.map((name) =>
      summarise(
        name,
        rows.filter((row) => row.name === name),
        seconds,
      ),
    ),
  };
}

/**
 * The scan reads four narrow columns and keeps one sketch an interval; the outer query merges the sketches, so that the
 * whole range's quantiles cost no second scan. t-digest took 0.24 s for 5 million values in 300 groups, DDSketch 0.27 s and gave
 * the lower of two values as their 99th percentile.
 */
function servicesSql(range: NanoRange): Sql {
  return sql`
    SELECT name, role, sum(interval_spans) AS spans, sum(interval_errors) AS errors,
      arrayMap(q -> round(ifNotFinite(q, 0)), quantilesTDigestMerge(0.5, 0.95, 0.99)(sketch)) AS quantiles,
      arraySort(groupArray((interval_start, toFloat64(interval_spans), toFloat64(interval_errors),
        round(ifNotFinite(finalizeAggregation(sketch)[2], 0))))) AS points
    FROM (
      SELECT service_name AS name,
        multiIf(kind IN ('server', 'consumer'), 'served', parent_span_id = toFixedString('', 8), 'root', 'inner') AS role,
        toUnixTimestamp(toStartOfInterval(start_time, toIntervalSecond(${intervalSeconds(range)}))) AS interval_start,
        count() AS interval_spans, countIf(status_code = 'error') AS interval_errors,
        quantilesTDigestStateIf(0.5, 0.95, 0.99)(duration_nano, role != 'inner') AS sketch
      FROM spans
      WHERE ${spansWithin(range)}
      GROUP BY name, role, interval_start)
    GROUP BY name, role
    ORDER BY name, role`;
}

function intervalSeconds(range: NanoRange): bigint {
  const seconds = (range.endUnixNano - range.startUnixNano) / nanosPerSecond / pointCount;
  return seconds < 1n ? 1n : seconds;
}

function summarise(name: string, rows: readonly RoleRow[], seconds: number): ServiceSummary {
  const entry = rows.find((row) => row.role === 'served') ?? rows.find((row) => row.role === 'root');
  const requests = Number(entry?.spans ?? 0);
  const [p50 = 0, p95 = 0, p99 = 0] = entry?.quantiles ?? [];
  return {
    name,
    requestsPerSecond: requests / seconds,
    errorRatio: requests === 0 ? 0 : Number(entry?.errors) / requests,
    p50Nanos: String(p50),
    p95Nanos: String(p95),
    p99Nanos: String(p99),
    spans: String(rows.reduce((sum, row) => sum + BigInt(row.spans), 0n)),
    points: (entry?.points ?? []).map(toPoint),
  };
}

function toPoint([timeUnixSeconds, requests, errors, p95]: RoleRow['points'][number]): ServicePoint {
  return { timeUnixSeconds, requests, errors, p95Nanos: String(p95) };
}
