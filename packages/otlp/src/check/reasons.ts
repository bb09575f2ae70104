/**
 * Why the check cuts an item out of a request; the rest of the request is kept and the sender told by partial
 * success. The list is documented in docs/reference/rejections.md, and the texts complete "<field> …".
 */
export const checkReasons = {
  invalid_trace_id: 'must be 16 bytes that are not all zero',
  invalid_span_id: 'must be 8 bytes that are not all zero',
  invalid_parent_span_id: 'must be empty or 8 bytes',
  time_missing: 'must be set: without it the item has no place in time',
  time_out_of_range: 'must be before the year 2262 (below 2^63 nanoseconds)',
  temporality_unspecified: 'must be delta (1) or cumulative (2)',
  bucket_counts_mismatch: 'must have none or one more element than explicit_bounds',
  native_histogram_invalid:
    'must be of a native histogram that Prometheus takes: -4 to 8, or -53 with ascending bounds; no count below 0',
  value_missing: 'must hold as_double or as_int, or the flag "no recorded value"',
  metric_name_missing: 'must have a name',
  series_limit:
    'is of a new series where there may be no more: raise max_active_series, or send fewer attributes',
  metric_data_missing: 'must hold a gauge, sum, histogram, exponential_histogram or summary',
} as const;

export type CheckReason = keyof typeof checkReasons;
