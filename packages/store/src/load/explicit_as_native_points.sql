-- Explicit histograms as native ones with bounds of their own. The series' id is changed as in explicitAsNativeSeries.
INSERT INTO native_histogram_points
  (metric_name, series_id, time, start_time, count, sum, schema, zero_count, zero_threshold, positive_indexes, positive_counts,
    negative_indexes, negative_counts, custom_bounds, reset_hint, flags)
SELECT
  metric_name, bitXor(series_id, {mark}), time, start_time,
  toFloat64(total), ifNull(total_sum, 0), -53, 0, 0,
  arrayMap(i -> toInt32(i - 1), populated),
  arrayMap(i -> toFloat64(counts[i]), populated),
  [], [],
  explicit_bounds, 'unknown',
  flags
FROM (
  SELECT
    *,
    point.count AS total,
    point.sum AS total_sum,
    if(empty(point.bucket_counts), [point.count], point.bucket_counts) AS counts,
    arrayFilter(i -> counts[i] > 0, arrayEnumerate(counts)) AS populated
  FROM ({points})
)
