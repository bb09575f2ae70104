import type { NanoRange } from '@maru/query-core';
import { join, type Reader, type ReadOptions, type Sql, sql } from '@maru/store';
import { nearby } from '../plan/context.ts';

/** A trace as a search shows it. */
export interface TraceSummary {
  /** 32 hexadecimal digits. */
  readonly traceId: string;
  /** Undefined when no span without a parent has arrived. */
  readonly root: { readonly service: string; readonly name: string } | undefined;
  readonly startTimeUnixNano: bigint;
  readonly durationNanos: bigint;
  readonly services: readonly ServiceStats[];
}

export interface ServiceStats {
  readonly service: string;
  readonly spanCount: number;
  readonly errorCount: number;
}

interface ServiceRow {
  readonly id: string;
  readonly service: string;
  readonly spans: string;
  readonly errors: string;
  readonly start: string;
  readonly finish: string;
  readonly roots: string;
  readonly root_start: string;
  readonly root_name: string;
}

/** Summarises traces from all their spans, whether these match the search or not. */
export async function summariseTraces(
  reader: Reader,
  range: NanoRange,
  traceIds: readonly string[],
  options: ReadOptions,
): Promise<readonly TraceSummary[]> {
  const rows = await reader.rows<ServiceRow>(servicesSql(range, traceIds), options);
  const byTrace = Map.groupBy(rows, (row) => row.id);
  return [...byTrace].map(([traceId, services]) => summarise(traceId, services));
}

/** A list of trace ids as bytes. */
export function idList(traceIds: readonly string[]): Sql {
  return sql`(${join(
    traceIds.map((id) => sql`unhex(${id})`),
    ', ',
  )})`;
}

function servicesSql(range: NanoRange, traceIds: readonly string[]): Sql {
  return sql`
    SELECT lower(hex(trace_id)) AS id, service_name AS service, count() AS spans, countIf(status_code = 'error') AS errors,
      min(toUnixTimestamp64Nano(start_time)) AS start, max(toUnixTimestamp64Nano(start_time) + duration_nano) AS finish,
      countIf(is_root) AS roots, minIf(toUnixTimestamp64Nano(start_time), is_root) AS root_start,
      argMinIf(name, start_time, is_root) AS root_name
    FROM (
      SELECT trace_id, service_name, status_code, start_time, duration_nano, name,
        parent_span_id = toFixedString('', 8) AS is_root
      FROM spans
      WHERE ${nearby(range)} AND trace_id IN ${idList(traceIds)})
    GROUP BY id, service
    ORDER BY id, service`;
}

function summarise(traceId: string, rows: readonly ServiceRow[]): TraceSummary {
  const start = least(rows.map((row) => BigInt(row.start)));
  const end = -least(rows.map((row) => -BigInt(row.finish)));
  const roots = rows.filter((row) => row.roots !== '0');
  const rootStart = roots.length === 0 ? undefined : least(roots.map((row) => BigInt(row.root_start)));
  const root = roots.find((row) => BigInt(row.root_start) === rootStart);
  return {
    traceId,
    root: root && { service: root.service, name: root.root_name },
    startTimeUnixNano: start,
    durationNanos: end - start,
    services: rows.map((row) => ({
      service: row.service,
      spanCount: Number(row.spans),
      errorCount: Number(row.errors),
    })),
  };
}

function least(values: readonly bigint[]): bigint {
  return values.toSorted((a, b) => Number(a - b))[0] ?? 0n;
}
