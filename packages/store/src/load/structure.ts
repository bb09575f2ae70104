/**
 * What the engine is told to read out of a segment: column names and types, in the proto's names. Fields that a
 * statement does not name are skipped by the parser without being built, so each statement names only its own.
 */

/** AnyValue: the column named like the oneof says which alternative was set, also for "", 0 and false. */
const anyValue: string = tuple({
  value:
    "Enum8('no' = 0, 'string_value' = 1, 'bool_value' = 2, 'int_value' = 3, 'double_value' = 4, 'bytes_value' = 7, 'json_value' = 15)",
  string_value: 'String',
  bool_value: 'Bool',
  int_value: 'Int64',
  double_value: 'Float64',
  bytes_value: 'String',
  json_value: 'String',
});
/** Of attributes, wherever they stand. */
export const attributesType: string = array(tuple({ key: 'String', value: anyValue }));
const attributes: string = attributesType;
const resource: string = tuple({ attributes, dropped_attributes_count: 'UInt32' });
const scope: string = tuple({ name: 'String', version: 'String', attributes });
const scopeName: string = tuple({ name: 'String', version: 'String' });

const span: string = tuple({
  trace_id: 'String',
  span_id: 'String',
  trace_state: 'String',
  parent_span_id: 'String',
  name: 'String',
  kind: 'Int32',
  start_time_unix_nano: 'UInt64',
  end_time_unix_nano: 'UInt64',
  attributes,
  dropped_attributes_count: 'UInt32',
  events: array(
    tuple({ time_unix_nano: 'UInt64', name: 'String', attributes, dropped_attributes_count: 'UInt32' }),
  ),
  dropped_events_count: 'UInt32',
  links: array(
    tuple({
      trace_id: 'String',
      span_id: 'String',
      trace_state: 'String',
      attributes,
      dropped_attributes_count: 'UInt32',
      flags: 'UInt32',
    }),
  ),
  dropped_links_count: 'UInt32',
  status: tuple({ message: 'String', code: 'Int32' }),
  flags: 'UInt32',
});

const logRecord: string = tuple({
  time_unix_nano: 'UInt64',
  severity_number: 'Int32',
  severity_text: 'String',
  body: anyValue,
  attributes,
  dropped_attributes_count: 'UInt32',
  flags: 'UInt32',
  trace_id: 'String',
  span_id: 'String',
  observed_time_unix_nano: 'UInt64',
  event_name: 'String',
});

const received = { received_time_unix_nano: 'UInt64' };

/** Every span with all that is kept of it. */
export const spansStructure: string = columns({
  resource_spans: array(
    tuple({ resource, scope_spans: array(tuple({ scope, spans: array(span), schema_url: 'String' })) }),
  ),
  ...received,
});

/** Every log record with all that is kept of it. */
export const logsStructure: string = columns({
  resource_logs: array(
    tuple({
      resource,
      scope_logs: array(tuple({ scope, log_records: array(logRecord), schema_url: 'String' })),
    }),
  ),
  ...received,
});

/** The resources alone: spans, records and points are skipped. */
export function resourcesStructure(field: 'resource_spans' | 'resource_logs' | 'resource_metrics'): string {
  return columns({ [field]: array(tuple({ resource, schema_url: 'String' })), ...received });
}

const pointIdentity = {
  attributes,
  start_time_unix_nano: 'UInt64',
  time_unix_nano: 'UInt64',
  flags: 'UInt32',
};
const exemplars: string = array(
  tuple({
    time_unix_nano: 'UInt64',
    value: "Enum8('no' = 0, 'as_double' = 3, 'as_int' = 6)",
    as_double: 'Float64',
    as_int: 'Int64',
    span_id: 'String',
    trace_id: 'String',
    filtered_attributes: attributes,
  }),
);
const numberValue = {
  value: "Enum8('no' = 0, 'as_double' = 4, 'as_int' = 6)",
  as_double: 'Float64',
  as_int: 'Int64',
};
const moments = {
  count: 'UInt64',
  sum: 'Nullable(Float64)',
  min: 'Nullable(Float64)',
  max: 'Nullable(Float64)',
};
const buckets: string = tuple({ offset: 'Int32', bucket_counts: array('UInt64') });
const nativeBuckets: string = array(tuple({ index: 'Int32', count: 'Float64' }));

/** Fields of one data point beyond its identity, by the statement that reads them. */
const pointFields = {
  number: numberValue,
  histogram: { ...moments, bucket_counts: array('UInt64') },
  exponential_histogram: {
    ...moments,
    scale: 'Int32',
    zero_count: 'UInt64',
    zero_threshold: 'Float64',
    positive: buckets,
    negative: buckets,
  },
  native_histogram: {
    count: 'Float64',
    sum: 'Float64',
    schema: 'Int32',
    zero_count: 'Float64',
    zero_threshold: 'Float64',
    positive: nativeBuckets,
    negative: nativeBuckets,
    custom_bounds: array('Float64'),
    reset_hint: 'Int32',
  },
  summary: {
    count: 'UInt64',
    sum: 'Float64',
    quantile_values: array(tuple({ quantile: 'Float64', value: 'Float64' })),
  },
} as const;

/** The metric kinds of OTLP, as the fields of its oneof; gauges and sums share the number points. */
export type MetricKind = 'number' | 'histogram' | 'exponential_histogram' | 'native_histogram' | 'summary';

/** What a statement wants of the points beyond their identity. */
export type PointDetail = 'identity' | 'values' | 'exemplars';

/** The structure of one metric kind, holding only what a statement of that detail reads. */
export function metricStructure(kind: MetricKind, detail: PointDetail): string {
  const data_points = array(tuple({ ...pointIdentity, ...detailFields(kind, detail) }));
  const metric = tuple({
    name: 'String',
    description: 'String',
    unit: 'String',
    is_prometheus: 'Bool',
    data: metricData,
    ...dataFields(kind, data_points),
  });
  return columns({
    resource_metrics: array(
      tuple({ resource, scope_metrics: array(tuple({ scope: scopeName, metrics: array(metric) })) }),
    ),
  });
}

const metricData =
  "Enum8('no' = 0, 'gauge' = 5, 'sum' = 7, 'histogram' = 9, 'exponential_histogram' = 10, 'summary' = 11, 'native_histogram' = 29)";

function detailFields(kind: MetricKind, detail: PointDetail): Readonly<Record<string, string>> {
  const bounds = kind === 'histogram' ? { explicit_bounds: array('Float64') } : {};
  if (detail === 'identity') return bounds;
  return detail === 'values' ? { ...pointFields[kind], ...bounds } : { ...bounds, exemplars };
}

function dataFields(kind: MetricKind, data_points: string): Readonly<Record<string, string>> {
  const aggregation_temporality = 'Int32';
  if (kind === 'summary' || kind === 'native_histogram') return { [kind]: tuple({ data_points }) };
  if (kind !== 'number') return { [kind]: tuple({ data_points, aggregation_temporality }) };
  const sum = tuple({ data_points, aggregation_temporality, is_monotonic: 'Bool' });
  return { gauge: tuple({ data_points }), sum };
}

function tuple(fields: Readonly<Record<string, string>>): string {
  return `Tuple(${columns(fields)})`;
}

function array(type: string): string {
  return `Array(${type})`;
}

function columns(fields: Readonly<Record<string, string>>): string {
  return Object.entries(fields)
    .map(([name, type]) => `${name} ${type}`)
    .join(', ');
}
