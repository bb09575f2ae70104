import { type Checked, type CheckLimits, kindIndex } from './checked.ts';
import {
  attributes,
  fixed64,
  message,
  messages,
  optionalSpanId,
  optionalTraceId,
  request,
  requiredTime,
  text,
  time,
} from './common.ts';
import { check } from './pass.ts';
import { type Field, type ItemFacts, rule, type Shape, shape } from './shape.ts';

const exemplar = shape('Exemplar', {
  2: time('time_unix_nano'),
  3: fixed64('as_double', { oneof: 'value' }),
  4: optionalSpanId,
  5: optionalTraceId,
  6: fixed64('as_int', { oneof: 'value' }),
  7: attributes('filtered_attributes'),
});

const exemplars: Field = { name: 'exemplars', rule: rule.exemplar, repeated: true, child: exemplar };
const flags: Field = { name: 'flags', rule: rule.pointFlags };

const numberValueFields = (1 << 4) | (1 << 6);

const numberPoint = shape(
  'NumberDataPoint',
  {
    2: time('start_time_unix_nano'),
    3: requiredTime('time_unix_nano'),
    4: fixed64('as_double', { oneof: 'value' }),
    5: exemplars,
    6: fixed64('as_int', { oneof: 'value' }),
    7: attributes(),
    8: flags,
  },
  (seen, { noRecordedValue }) =>
    (seen & numberValueFields) === 0 && !noRecordedValue ? 'value_missing' : undefined,
);

const histogramPoint = shape(
  'HistogramDataPoint',
  {
    2: time('start_time_unix_nano'),
    3: requiredTime('time_unix_nano'),
    4: fixed64('count'),
    5: fixed64('sum'),
    6: { name: 'bucket_counts', rule: rule.packedFixed64, repeated: true, limit: 0 },
    7: { name: 'explicit_bounds', rule: rule.packedFixed64, repeated: true, limit: 1 },
    8: exemplars,
    9: attributes(),
    10: flags,
    11: fixed64('min'),
    12: fixed64('max'),
  },
  bucketsMatch,
);

function bucketsMatch(
  _seen: number,
  { bucketCounts, explicitBounds }: ItemFacts,
): 'bucket_counts_mismatch' | undefined {
  return bucketCounts === 0 || bucketCounts === explicitBounds + 1 ? undefined : 'bucket_counts_mismatch';
}

const buckets = shape('Buckets', {
  1: { name: 'offset', rule: rule.sint32 },
  2: { name: 'bucket_counts', rule: rule.packedVarint, repeated: true },
});

const exponentialHistogramPoint = shape('ExponentialHistogramDataPoint', {
  1: attributes(),
  2: time('start_time_unix_nano'),
  3: requiredTime('time_unix_nano'),
  4: fixed64('count'),
  5: fixed64('sum'),
  6: { name: 'scale', rule: rule.sint32 },
  7: fixed64('zero_count'),
  8: message('positive', buckets),
  9: message('negative', buckets),
  10: flags,
  11: exemplars,
  12: fixed64('min'),
  13: fixed64('max'),
  14: fixed64('zero_threshold'),
});

const valueAtQuantile = shape('ValueAtQuantile', { 1: fixed64('quantile'), 2: fixed64('value') });

const summaryPoint = shape('SummaryDataPoint', {
  2: time('start_time_unix_nano'),
  3: requiredTime('time_unix_nano'),
  4: fixed64('count'),
  5: fixed64('sum'),
  6: messages('quantile_values', valueAtQuantile),
  7: attributes(),
  8: flags,
});

const nativeBucket = shape('NativeBucket', { 1: { name: 'index', rule: rule.sint32 }, 2: fixed64('count') });

/** Prometheus's own kind of histogram: see the proto for why it is here. */
const nativeHistogramPoint = shape('NativeHistogramDataPoint', {
  1: attributes(),
  2: time('start_time_unix_nano'),
  3: requiredTime('time_unix_nano'),
  4: fixed64('count'),
  5: fixed64('sum'),
  6: { name: 'schema', rule: rule.nativeSchema, reason: 'native_histogram_invalid' },
  7: fixed64('zero_count'),
  8: messages('positive', nativeBucket),
  9: messages('negative', nativeBucket),
  10: flags,
  11: exemplars,
  12: { name: 'custom_bounds', rule: rule.packedFixed64, repeated: true, limit: 1 },
  13: { name: 'reset_hint', rule: rule.enumeration, limit: 3 },
  14: fixed64('zero_threshold'),
});

function points(child: Shape, kind: number): Field {
  return { name: 'data_points', rule: rule.item, repeated: true, child, limit: kind };
}

const temporality: Field = {
  name: 'aggregation_temporality',
  rule: rule.requiredEnumeration,
  limit: 2,
  reason: 'temporality_unspecified',
  required: true,
};

const gauge = shape('Gauge', { 1: points(numberPoint, kindIndex.number) });
const sum = shape('Sum', {
  1: points(numberPoint, kindIndex.number),
  2: temporality,
  3: { name: 'is_monotonic', rule: rule.bool },
});
const histogram = shape('Histogram', {
  1: points(histogramPoint, kindIndex.histogram),
  2: temporality,
});
const exponentialHistogram = shape('ExponentialHistogram', {
  1: points(exponentialHistogramPoint, kindIndex.exponentialHistogram),
  2: temporality,
});
const summary = shape('Summary', { 1: points(summaryPoint, kindIndex.summary) });

const nativeHistogram = shape('NativeHistogram', {
  1: points(nativeHistogramPoint, kindIndex.nativeHistogram),
});

const dataFields = (1 << 5) | (1 << 7) | (1 << 9) | (1 << 10) | (1 << 11) | (1 << 29);

const metric = shape(
  'Metric',
  {
    1: { name: 'name', rule: rule.requiredString, reason: 'metric_name_missing', required: true },
    2: text('description'),
    3: text('unit'),
    5: message('gauge', gauge, 'data'),
    7: message('sum', sum, 'data'),
    9: message('histogram', histogram, 'data'),
    10: message('exponential_histogram', exponentialHistogram, 'data'),
    11: message('summary', summary, 'data'),
    12: attributes('metadata'),
    28: { name: 'is_prometheus', rule: rule.bool },
    29: message('native_histogram', nativeHistogram, 'data'),
  },
  (seen) => ((seen & dataFields) === 0 ? 'metric_data_missing' : undefined),
);

const metricsRequest = request('resource_metrics', 'scope_metrics', {
  name: 'metrics',
  rule: rule.metric,
  repeated: true,
  child: metric,
});

/**
 * Checks an `ExportMetricsServiceRequest`; the items are data points. A metric without data or without points
 * that has to be rejected counts as one. Never throws.
 */
export function checkMetrics(bytes: Uint8Array, limits?: CheckLimits): Checked {
  return check(metricsRequest, bytes, limits);
}
