INSERT INTO histogram_points
SELECT
  metric_name, series_id, time, start_time,
  point.count, point.sum, point.min, point.max, point.bucket_counts,
  flags
FROM ({points})
