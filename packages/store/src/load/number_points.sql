INSERT INTO number_points
SELECT
  metric_name, series_id, time, start_time,
  if(point.value = 'as_int', toFloat64(point.as_int), point.as_double),
  flags
FROM ({points})
