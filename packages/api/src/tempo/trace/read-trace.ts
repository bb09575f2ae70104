import type { NanoRange } from '@maru/query-core';
import { type Column, identifier, type Reader, type Sql, sql } from '@maru/store';
import { spansWithin } from '../../sql-time.ts';
import { type AnyValue, type KeyValue, valueFromJson, valueFromOther } from './any-value.ts';
import { bytes, type Cell, type Cells, cellsOf, int64, map, small, text } from './cells.ts';
import { type ResourceOf, readResources } from './read-resources.ts';
import type { Event, Link, ResourceSpans, Scope, Span, Trace } from './trace.ts';

/** A trace larger than this is cut, and says so; the console stays usable up to about here. */
const maxSpansPerTrace = 200_000;

/** Reads every span of a trace; a trace that is not there has no resourceSpans. */
export async function readTrace(
  reader: Reader,
  traceIdHex: string,
  range: NanoRange,
  signal: AbortSignal,
): Promise<Trace> {
  const columns = await reader.columns(spansSql(traceIdHex, range), { signal, lane: 'lookup' });
  if (columns.rowCount === 0) return { resourceSpans: [] };
  const count = Math.min(columns.rowCount, maxSpansPerTrace);
  const row = rowReader(cellsOf(columns), Buffer.from(traceIdHex, 'hex'));
  const rows = Array.from({ length: count }, (_, index) => row(index));
  const resourceOf = await readResources(reader, [...new Set(rows.map((each) => each.resourceId))], signal);
  const trace = { resourceSpans: group(rows, resourceOf) };
  if (columns.rowCount <= maxSpansPerTrace) return trace;
  return {
    ...trace,
    partial: `the trace has more than ${maxSpansPerTrace} spans: only the earliest are shown`,
  };
}

/** The same span may have been sent twice; client and server of one call may share an id (Zipkin), so both stay. */
function spansSql(traceIdHex: string, range: NanoRange): Sql {
  return sql`
    SELECT span_id, parent_span_id, trace_state, flags, CAST(name, 'String') AS span_name, toInt8(kind) AS kind_number,
      toUnixTimestamp64Nano(start_time) AS start_unix_nano, duration_nano,
      toInt8(status_code) AS status_number, status_message, CAST(service_name, 'String') AS service, resource_id,
      CAST(scope_name, 'String') AS scope_name_text, CAST(scope_version, 'String') AS scope_version_text, ${mapOf('scope_attributes', 'String')},
      ${mapOf('attributes_string', 'String')}, ${mapOf('attributes_int', 'Int64')}, ${mapOf('attributes_double', 'Float64')},
      ${mapOf('attributes_bool', 'Bool')}, ${mapOf('attributes_other', 'String')},
      dropped_attributes_count, dropped_events_count, dropped_links_count,
      arrayMap(t -> toUnixTimestamp64Nano(t), events.time) AS event_times, CAST(events.name, 'Array(String)') AS event_names,
      CAST(events.attributes, 'Array(Map(String, String))') AS event_attributes, events.dropped_attributes_count AS event_dropped,
      links.trace_id AS link_trace_ids, links.span_id AS link_span_ids, links.trace_state AS link_trace_states,
      CAST(links.attributes, 'Array(Map(String, String))') AS link_attributes, links.dropped_attributes_count AS link_dropped, links.flags AS link_flags
    FROM spans
    WHERE trace_id = unhex(${traceIdHex}) AND ${spansWithin(range)}
    ORDER BY start_time, span_id
    LIMIT 1 BY span_id, kind
    LIMIT ${maxSpansPerTrace + 1}`;
}

/** A map with its LowCardinality keys made plain, which is what columns are read as. */
function mapOf(column: string, value: string): Sql {
  return sql`CAST(${identifier(column)}, ${`Map(String, ${value})`}) AS ${identifier(`${column}_map`)}`;
}

interface SpanRow {
  readonly span: Span;
  readonly scope: Scope;
  readonly resourceId: bigint;
  readonly serviceName: string;
}

function rowReader(cells: Cells, traceId: Uint8Array): Cell<SpanRow> {
  const span = spanReader(cells, traceId);
  const scope = scopeReader(cells);
  const resourceId = cells.int64('resource_id');
  const serviceName = cells.text('service');
  return (row) => ({
    span: span(row),
    scope: scope(row),
    resourceId: resourceId(row),
    serviceName: serviceName(row),
  });
}

function scopeReader(cells: Cells): Cell<Scope> {
  const name = cells.text('scope_name_text');
  const version = cells.text('scope_version_text');
  const attributes = cells.map('scope_attributes_map', text);
  return (row) => ({ name: name(row), version: version(row), attributes: fromJsonPairs(attributes(row)) });
}

function spanReader(cells: Cells, traceId: Uint8Array): Cell<Span> {
  const spanId = cells.bytes('span_id');
  const parentSpanId = cells.bytes('parent_span_id');
  const traceState = cells.text('trace_state');
  const name = cells.text('span_name');
  const kind = cells.small('kind_number');
  const start = cells.int64('start_unix_nano');
  const duration = cells.int64('duration_nano');
  const statusCode = cells.small('status_number');
  const statusMessage = cells.text('status_message');
  const flags = cells.small('flags');
  const attributes = attributesReader(cells);
  const droppedAttributes = cells.small('dropped_attributes_count');
  const events = eventsReader(cells);
  const droppedEvents = cells.small('dropped_events_count');
  const links = linksReader(cells);
  const droppedLinks = cells.small('dropped_links_count');
  return (row) => ({
    traceId,
    spanId: spanId(row),
    traceState: traceState(row),
    parentSpanId: withoutZeros(parentSpanId(row)),
    name: name(row),
    kind: kind(row),
    startTimeUnixNano: start(row),
    endTimeUnixNano: start(row) + duration(row),
    attributes: attributes(row),
    droppedAttributesCount: droppedAttributes(row),
    events: events(row),
    droppedEventsCount: droppedEvents(row),
    links: links(row),
    droppedLinksCount: droppedLinks(row),
    status: { code: statusCode(row), message: statusMessage(row) },
    flags: flags(row),
  });
}

/** The store keeps "no parent" as eight zeros, OTLP as no bytes. */
function withoutZeros(id: Uint8Array): Uint8Array {
  return id.every((byte) => byte === 0) ? new Uint8Array(0) : id;
}

function attributesReader(cells: Cells): Cell<readonly KeyValue[]> {
  const readers = [
    typedPairs(cells, 'attributes_string_map', text, (value) => ({ type: 'string', value })),
    typedPairs(cells, 'attributes_int_map', int64, (value) => ({ type: 'int', value })),
    typedPairs(cells, 'attributes_double_map', double, (value) => ({ type: 'double', value })),
    typedPairs(cells, 'attributes_bool_map', small, (value) => ({ type: 'bool', value: value !== 0 })),
    typedPairs(cells, 'attributes_other_map', text, valueFromOther),
  ];
  return (row) => readers.flatMap((read) => read(row));
}

function typedPairs<Value>(
  cells: Cells,
  name: string,
  item: (column: Column) => Cell<Value>,
  typed: (value: Value) => AnyValue,
): Cell<readonly KeyValue[]> {
  const pairs = cells.map(name, item);
  return (row) => pairs(row).map(([key, value]) => ({ key, value: typed(value) }));
}

const double: (column: Column) => Cell<number> = small;

function fromJsonPairs(pairs: readonly (readonly [string, string])[]): readonly KeyValue[] {
  return pairs.map(([key, value]) => ({ key, value: valueFromJson(value) }));
}

const jsonMap = (column: Column): Cell<readonly (readonly [string, string])[]> => map(column, text);

function eventsReader(cells: Cells): Cell<readonly Event[]> {
  const times = cells.list('event_times', int64);
  const names = cells.list('event_names', text);
  const attributes = cells.list('event_attributes', jsonMap);
  const dropped = cells.list('event_dropped', small);
  return (row) => {
    const eventNames = names(row);
    if (eventNames.length === 0) return [];
    const [eventTimes, eventAttributes, eventDropped] = [times(row), attributes(row), dropped(row)];
    return eventNames.map((name, index) => ({
      name,
      timeUnixNano: eventTimes[index] ?? 0n,
      attributes: fromJsonPairs(eventAttributes[index] ?? []),
      droppedAttributesCount: eventDropped[index] ?? 0,
    }));
  };
}

function linksReader(cells: Cells): Cell<readonly Link[]> {
  const traceIds = cells.list('link_trace_ids', bytes);
  const spanIds = cells.list('link_span_ids', bytes);
  const states = cells.list('link_trace_states', text);
  const attributes = cells.list('link_attributes', jsonMap);
  const dropped = cells.list('link_dropped', small);
  const flags = cells.list('link_flags', small);
  return (row) =>
    traceIds(row).map((traceId, index) => ({
      traceId,
      spanId: spanIds(row)[index] ?? new Uint8Array(0),
      traceState: states(row)[index] ?? '',
      attributes: fromJsonPairs(attributes(row)[index] ?? []),
      droppedAttributesCount: dropped(row)[index] ?? 0,
      flags: flags(row)[index] ?? 0,
    }));
}

/** Spans of one resource stay together, and within it those of one scope, each in order of first appearance. */
function group(rows: readonly SpanRow[], resourceOf: ResourceOf): readonly ResourceSpans[] {
  return [...groupBy(rows, (row) => `${row.resourceId}`).values()].map((ofResource) => ({
    ...resourceOf(ofResource[0]?.resourceId ?? 0n, ofResource[0]?.serviceName ?? ''),
    scopeSpans: [...groupBy(ofResource, scopeKey).values()].map((ofScope) => ({
      scope: ofScope[0]?.scope ?? { name: '', version: '', attributes: [] },
      spans: ofScope.map((row) => row.span),
    })),
  }));
}

function scopeKey({ scope }: SpanRow): string {
  return JSON.stringify([
    scope.name,
    scope.version,
    scope.attributes.map((pair) => [pair.key, String(pair.value)]),
  ]);
}

function groupBy<Item>(items: readonly Item[], key: (item: Item) => string): Map<string, Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const known = groups.get(key(item));
    if (known === undefined) groups.set(key(item), [item]);
    else known.push(item);
  }
  return groups;
}
