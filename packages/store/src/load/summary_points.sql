INSERT INTO summary_points
SELECT
  metric_name, series_id, time, start_time,
  point.count, point.sum,
  point.quantile_values.quantile,
  point.quantile_values.value,
  flags
FROM ({points})
