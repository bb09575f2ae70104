INSERT INTO summary_points
SELECT
  metric_name, series_id, time, start_time,
  point.count, point.sum,
  arrayMap(q -> q.quantile, point.quantile_values),
  arrayMap(q -> q.value, point.quantile_values),
  flags
FROM ({points})
