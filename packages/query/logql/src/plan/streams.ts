import { serviceNameSources, streamLabelAttributes } from '@maru/otlp';
import {
  compileMatcher,
  type Labels,
  labelsOf,
  type NanoRange,
  nanosPerSecond,
  QueryError,
  sqlTime,
} from '@maru/query-core';
import { type Reader, type ReadOptions, type Sql, sql } from '@maru/store';
import type { Matcher } from '../syntax/ast.ts';
import { type AttributeColumns, attributeTexts } from './attribute-text.ts';
import { cleanLabelName, indexLabels, unknownService } from './label-names.ts';

/** A stream as Loki knows it: here, what one resource sends. */
export interface Stream {
  readonly resourceId: string;
  /** The index labels: what selectors select by. */
  readonly labels: Labels;
  /** The resource's other attributes: structured metadata of each of its lines. */
  readonly metadata: Labels;
}

/** Selectors are evaluated here, on resources: few rows, and RE2 and Loki's name rules exact. More than this is refused. */
const maxStreams = 10_000;

/** A resource may have been seen last a little before the time its records bear: clocks differ. */
const clockMarginSeconds = 86_400n;

interface ResourceRow extends AttributeColumns {
  readonly id: string;
}

/** The streams that a selector selects, among those seen since the range's start. */
export async function readStreams(
  reader: Reader,
  selector: readonly Matcher[],
  range: NanoRange,
  options: ReadOptions,
): Promise<readonly Stream[]> {
  const rows = await reader.rows<ResourceRow>(resourcesSql(range), { ...options, lane: 'lookup' });
  const matches = selector.map((matcher) => ({ name: matcher.name, test: compileMatcher(matcher) }));
  const streams = rows
    .map(toStream)
    .filter((stream) => matches.every(({ name, test }) => test(stream.labels.get(name) ?? '')));
  if (streams.length <= maxStreams) return streams;
  throw new QueryError(
    'execution',
    `the selector matches ${streams.length} streams, more than the limit of ${maxStreams}; select fewer with label matchers`,
  );
}

/** The same, but only streams that have lines within the range: what there is to be chosen from. */
export async function readActiveStreams(
  reader: Reader,
  selector: readonly Matcher[],
  range: NanoRange,
  options: ReadOptions,
): Promise<readonly Stream[]> {
  const streams = await readStreams(reader, selector, range, options);
  const rows = await reader.rows<{ readonly id: string }>(
    sql`SELECT DISTINCT toString(resource_id) AS id FROM logs
      WHERE time >= ${sqlTime(range.startUnixNano)} AND time < ${sqlTime(range.endUnixNano)}`,
    options,
  );
  const active = new Set(rows.map((row) => row.id));
  return streams.filter((stream) => active.has(stream.resourceId));
}

function resourcesSql(range: NanoRange): Sql {
  const since = range.startUnixNano / nanosPerSecond - clockMarginSeconds;
  return sql`
    SELECT toString(resource_id) AS id, attributes_string, attributes_int, attributes_double, attributes_bool, attributes_other
    FROM resources
    WHERE last_seen >= toDateTime(${since < 0n ? 0n : since}, 'UTC')
    ORDER BY id
    LIMIT 1 BY id`;
}

function toStream(row: ResourceRow): Stream {
  const attributes = attributeTexts(row);
  const indexed = new Set(streamLabelAttributes);
  const labels = new Map<string, string>();
  const metadata = new Map<string, string>();
  for (const [key, value] of attributes)
    (indexed.has(key) ? labels : metadata).set(cleanLabelName(key), value);
  if (!labels.has('service_name')) labels.set('service_name', discoverService(labels, metadata));
  return { resourceId: row.id, labels: labelsOf(labels), metadata: labelsOf(metadata) };
}

function discoverService(labels: ReadonlyMap<string, string>, metadata: ReadonlyMap<string, string>): string {
  for (const source of serviceNameSources) {
    const found = labels.get(source) || metadata.get(source);
    if (found) return found;
  }
  return unknownService;
}

/** Rows of these streams. The service's column is named too, as the table is sorted by it. */
export function streamsCondition(streams: readonly Stream[]): Sql {
  if (streams.length === 0) return sql`false`;
  const services = new Set(streams.map((stream) => stream.labels.get('service_name') ?? ''));
  // A discovered name stands in no column: there the column says unknown_service.
  const columns = [...services, unknownService];
  return sql`service_name IN ${columns} AND resource_id IN ${streams.map((stream) => BigInt(stream.resourceId))}`;
}

/** Whether a label is one of streams, not of lines. */
export function isIndexLabel(name: string): boolean {
  return indexLabels.has(name);
}
