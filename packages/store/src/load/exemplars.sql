INSERT INTO exemplars
SELECT
  metric_name, series_id,
  fromUnixTimestamp64Milli(toInt64(intDiv(exemplar.time_unix_nano, 1000000)), 'UTC'),
  if(exemplar.value = 'as_int', toFloat64(exemplar.as_int), exemplar.as_double),
  toFixedString(exemplar.trace_id, 16),
  toFixedString(exemplar.span_id, 8),
  jsonAttributes(exemplar.filtered_attributes)
FROM (
  SELECT metric_name, series_id, arrayJoin(point.exemplars) AS exemplar
  FROM ({points})
)
