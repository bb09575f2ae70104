import { goDuration } from '@maru/query-core';
import { join, type Reader, type ReadOptions, type Sql, sql } from '@maru/store';
import { attributeJson } from '../plan/attribute.ts';
import { within } from '../plan/context.ts';
import type { SearchPlan } from '../plan/plan-search.ts';
import type { ShownField } from '../plan/shown-fields.ts';
import { idList } from './summarise-traces.ts';

/** The spans of a trace that match. */
export interface FoundSpans {
  /** How many match, also those that are not shown. */
  readonly matched: number;
  readonly spans: readonly FoundSpan[];
}

export interface FoundSpan {
  /** 16 hexadecimal digits. */
  readonly spanId: string;
  readonly name: string;
  readonly startTimeUnixNano: bigint;
  readonly durationNanos: bigint;
  readonly attributes: readonly ShownAttribute[];
}

/** An attribute that the query names, its value as JSON text (`1.0` is a double, `1` an integer). */
export interface ShownAttribute {
  readonly key: string;
  readonly json: string;
}

interface SpanRow {
  readonly trace: string;
  readonly span: string;
  readonly span_name: string;
  readonly start: string;
  readonly duration: string;
  readonly resource: string;
  readonly matched: string;
  readonly shown: readonly string[];
}

/** Reads the matching spans of these traces, the earliest first, by trace id. */
export async function readSpans(
  reader: Reader,
  plan: SearchPlan,
  traceIds: readonly string[],
  spansPerTrace: number,
  options: ReadOptions,
): Promise<ReadonlyMap<string, FoundSpans>> {
  const rows = await reader.rows<SpanRow>(spansSql(plan, traceIds, spansPerTrace), options);
  const ofResource = await readResourceFields(reader, plan.shown, rows, options);
  const byTrace = Map.groupBy(rows, (row) => row.trace);
  return new Map(
    [...byTrace].map(([traceId, spans]) => [
      traceId,
      {
        matched: Number(spans[0]?.matched ?? 0),
        spans: spans.map((row) => foundSpan(row, plan.shown, ofResource)),
      },
    ]),
  );
}

/** `LIMIT … BY` comes after the window function, so `matched` counts all. */
function spansSql(
  { range, spanset, shown }: SearchPlan,
  traceIds: readonly string[],
  spansPerTrace: number,
): Sql {
  return sql`
    SELECT lower(hex(trace_id)) AS trace, lower(hex(span_id)) AS span, name AS span_name,
      toString(toUnixTimestamp64Nano(start_time)) AS start, toString(duration_nano) AS duration,
      toString(resource_id) AS resource, count() OVER (PARTITION BY trace_id) AS matched,
      ${shownSql(shown.map((field) => field.json))} AS shown
    FROM spans
    WHERE ${within(range)} AND trace_id IN ${idList(traceIds)} AND ${spanset.where}
    ORDER BY start_time, span_id
    LIMIT ${spansPerTrace} BY trace_id`;
}

function shownSql(values: readonly Sql[]): Sql {
  return values.length === 0 ? sql`CAST([], 'Array(String)')` : sql`[${join(values, ', ')}]`;
}

function foundSpan(row: SpanRow, shown: readonly ShownField[], ofResource: ResourceFields): FoundSpan {
  const attributes = shown.flatMap(({ key, isDuration }, index) => {
    const json = row.shown[index] || ofResource(row.resource, index);
    if (json === '') return [];
    return [{ key, json: isDuration ? JSON.stringify(goDuration(BigInt(json))) : json }];
  });
  return {
    spanId: row.span,
    name: row.span_name,
    startTimeUnixNano: BigInt(row.start),
    durationNanos: BigInt(row.duration),
    attributes,
  };
}

/** The JSON text of a shown field of a resource, '' where it has none. */
type ResourceFields = (resourceId: string, index: number) => string;

async function readResourceFields(
  reader: Reader,
  shown: readonly ShownField[],
  rows: readonly SpanRow[],
  options: ReadOptions,
): Promise<ResourceFields> {
  const ids = [...new Set(rows.map((row) => row.resource))].map(BigInt);
  if (ids.length === 0 || !shown.some((field) => field.resourceAttribute !== undefined)) return () => '';
  const values = shown.map(({ resourceAttribute }) => resourceAttributeSql(resourceAttribute));
  const found = await reader.rows<{ readonly id: string; readonly shown: readonly string[] }>(
    sql`SELECT toString(resource_id) AS id, ${shownSql(values)} AS shown FROM resources
      WHERE resource_id IN ${ids} LIMIT 1 BY resource_id`,
    { ...options, lane: 'lookup' },
  );
  const byId = new Map(found.map((row) => [row.id, row.shown]));
  return (resourceId, index) => byId.get(resourceId)?.[index] ?? '';
}

function resourceAttributeSql(name: string | undefined): Sql {
  return name === undefined ? sql`''` : attributeJson(name);
}
