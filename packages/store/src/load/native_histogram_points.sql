-- Buckets come in ascending order from our own translation; from elsewhere they may not, and reading relies on it.
INSERT INTO native_histogram_points
SELECT
  metric_name, series_id, time, start_time,
  point.count, point.sum, point.schema, point.zero_count, point.zero_threshold,
  arrayMap(b -> b.index, arraySort(b -> b.index, point.positive)),
  arrayMap(b -> b.count, arraySort(b -> b.index, point.positive)),
  arrayMap(b -> b.index, arraySort(b -> b.index, point.negative)),
  arrayMap(b -> b.count, arraySort(b -> b.index, point.negative)),
  point.custom_bounds, point.reset_hint,
  flags
FROM ({points})
