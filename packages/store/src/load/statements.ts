import type { Signal } from '@maru/otlp';
import { overFile } from '../engine/embedded/file-messages.ts';
import type { SegmentInsert } from '../engine/engine.ts';
import { sqlFile } from '../schema/apply.ts';
import { identifier, type Sql, sql } from '../sql.ts';
import { explicitElements } from './explicit-elements.ts';
import {
  logsStructure,
  type MetricKind,
  metricStructure,
  type PointDetail,
  resourcesStructure,
  spansStructure,
} from './structure.ts';

const spans: string = sqlFile('../load/spans.sql');
const logs: string = sqlFile('../load/logs.sql');
const resources: string = sqlFile('../load/resources.sql');
const points: string = sqlFile('../load/points.sql');

export const spanStatement: SegmentInsert = insert(
  'spans',
  'ExportTraceServiceRequest',
  spans,
  spansStructure,
);

export const logStatement: SegmentInsert = insert('logs', 'ExportLogsServiceRequest', logs, logsStructure);

/** The resources of each signal's requests. */
export const resourceStatements: Readonly<Record<Signal, SegmentInsert>> = {
  traces: resourceStatement('resource_spans', 'ExportTraceServiceRequest'),
  logs: resourceStatement('resource_logs', 'ExportLogsServiceRequest'),
  metrics: resourceStatement('resource_metrics', 'ExportMetricsServiceRequest'),
};

/** The points of one kind, into its own table. */
export function pointStatement(kind: MetricKind): SegmentInsert {
  return metricInsert(`${kind}_points`, kind, 'values');
}

/** The series of one kind, with their Prometheus names and labels. */
export function seriesStatement(kind: MetricKind): SegmentInsert {
  return seriesInsert(kind, 'series_and_resources', metricPoints(kind));
}

/** Those of them that the store does not have yet; reads the messages at one place alone. */
export function missingSeriesStatement(kind: MetricKind): SegmentInsert {
  return seriesInsert(kind, 'missing_series', metricPoints(kind, resourceLabels));
}

/** Tells the native form of an explicit histogram's series from the series itself. */
const nativeMark = 0x6e61746976655f68n;

/** Explicit histograms as native ones, beside what `pointStatement` makes of them. */
export function explicitAsNativePoints(): SegmentInsert {
  const text = sqlFile('../load/explicit_as_native_points.sql')
    .replace('{points}', () => metricPoints('histogram'))
    .replace('{mark}', `toUInt64(${nativeMark})`);
  const structure = metricStructure('histogram', 'values');
  return insert('native_histogram_points/histogram', 'ExportMetricsServiceRequest', text, structure);
}

/** The series of their native form, made of the series that are there. Repeating it adds nothing that a merge would keep. */
export function explicitAsNativeSeries(ids: Iterable<bigint>): Sql {
  return nativeSeries(sql`series_id IN ${[...ids]}`);
}

/** The same for all that have been written within the time of `missing_series.sql` and have no native form of that time. */
export function missingNativeSeries(): Sql {
  const recent = sql`last_time > now64(3) - INTERVAL 10 MINUTE`;
  return nativeSeries(sql`${recent} AND bitXor(series_id, toUInt64(${nativeMark})) NOT IN
    (SELECT series_id FROM metric_series WHERE metric_type = 'native_histogram' AND ${recent})`);
}

function nativeSeries(condition: Sql): Sql {
  return sql`INSERT INTO metric_series
    SELECT * REPLACE (bitXor(series_id, toUInt64(${nativeMark})) AS series_id,
      CAST('native_histogram', toTypeName(metric_type)) AS metric_type, CAST([], 'Array(Float64)') AS explicit_bounds)
    FROM (SELECT * FROM metric_series WHERE metric_type = 'histogram' AND ${condition})`;
}

/** The exemplars of one kind; summaries have none. */
export function exemplarStatement(kind: Exclude<MetricKind, 'summary'>): SegmentInsert {
  return metricInsert('exemplars', kind, 'exemplars');
}

/** The series of the points of one kind that were inserted since they were last forgotten, for a read by column. */
export function insertedSeriesQuery(kind: MetricKind): Sql {
  return sql`SELECT series_id, points FROM ${identifier(`${kind}_points_series`)}`;
}

export function forgetInsertedSeries(kind: MetricKind): Sql {
  return sql`TRUNCATE TABLE ${identifier(`${kind}_points_series`)}`;
}

/** The distinct series ids of one kind in a segment, for a read by column. */
export function seriesIdsQuery(kind: MetricKind, segmentPath: string): Sql {
  const text = explicitElements(`SELECT DISTINCT series_id FROM (${metricPoints(kind)})`);
  const structure = metricStructure(kind, 'identity');
  return overFile({ text, structure, message: 'ExportMetricsServiceRequest' }, segmentPath);
}

function metricInsert(table: string, kind: MetricKind, detail: PointDetail): SegmentInsert {
  const text = sqlFile(`../load/${table}.sql`).replace('{points}', () => metricPoints(kind));
  return insert(`${table}/${kind}`, 'ExportMetricsServiceRequest', text, metricStructure(kind, detail));
}

function seriesInsert(
  kind: MetricKind,
  source: 'series_and_resources' | 'missing_series',
  points: string,
): SegmentInsert {
  const series = sqlFile(`../load/${source}.sql`).replace('{points}', () => points);
  const text = sqlFile('../load/metric_series.sql').replace('{series}', () => series);
  return insert(
    `metric_series/${kind}`,
    'ExportMetricsServiceRequest',
    text,
    metricStructure(kind, 'identity'),
  );
}

function resourceStatement(
  field: 'resource_spans' | 'resource_logs' | 'resource_metrics',
  message: string,
): SegmentInsert {
  return insert('resources', message, resources.replace('{field}', field), resourcesStructure(field));
}

function insert(name: string, message: string, text: string, structure: string): SegmentInsert {
  return { name, message, structure, text: explicitElements(text) };
}

/** Where the points of a kind lie in its metric, and which of the metric's own fields a kind has. */
const metricFields: Readonly<Record<MetricKind, Readonly<Record<string, string>>>> = {
  number: {
    data_points: 'arrayConcat(metric.gauge.data_points, metric.sum.data_points)',
    temporality: 'metric.sum.aggregation_temporality',
    monotonic: 'metric.sum.is_monotonic',
    bounds: '[]::Array(Float64)',
  },
  histogram: {
    data_points: 'metric.histogram.data_points',
    temporality: 'metric.histogram.aggregation_temporality',
    monotonic: 'false',
    bounds: 'point.explicit_bounds',
  },
  exponential_histogram: {
    data_points: 'metric.exponential_histogram.data_points',
    temporality: 'metric.exponential_histogram.aggregation_temporality',
    monotonic: 'false',
    bounds: '[]::Array(Float64)',
  },
  native_histogram: {
    data_points: 'metric.native_histogram.data_points',
    temporality: '2',
    monotonic: 'false',
    bounds: '[]::Array(Float64)',
  },
  summary: {
    data_points: 'metric.summary.data_points',
    temporality: '0',
    monotonic: 'false',
    bounds: '[]::Array(Float64)',
  },
};

/** What a resource gives to its series, made at the resource and carried along. */
const resourceLabels: Readonly<Record<string, string>> = {
  resource_labels: `
    prometheusMerged(prometheusPairs(promotedAttributes(resource_attributes))) AS promoted_labels,
    prometheusIdentity(resource_attributes) AS identity_labels,`,
  carried: ' promoted_labels, identity_labels,',
};

const noLabels: Readonly<Record<string, string>> = { resource_labels: '', carried: '' };

function metricPoints(kind: MetricKind, carried: Readonly<Record<string, string>> = noLabels): string {
  const fields = { ...metricFields[kind], ...carried };
  return points.replace(/\{([a-z_]+)\}/g, (whole, field: string) => fields[field] ?? whole);
}
