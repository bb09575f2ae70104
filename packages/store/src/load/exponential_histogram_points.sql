INSERT INTO exponential_histogram_points
SELECT
  metric_name, series_id, time, start_time,
  point.count, point.sum, point.min, point.max,
  point.scale, point.zero_count, point.zero_threshold,
  point.positive.offset, point.positive.bucket_counts,
  point.negative.offset, point.negative.bucket_counts,
  flags
FROM ({points})
