-- The series of one metric kind, which come from series_and_resources.sql or missing_series.sql. Names and labels are made in stages, each a SELECT: an alias is computed once, while a
-- nested function would repeat its argument.
INSERT INTO metric_series
SELECT
  metric_name, series_id, metric_type, unit, description, temporality, is_monotonic,
  service_name, resource_id, scope_name, scope_version,
  stringAttributes(attributes),
  intAttributes(attributes),
  doubleAttributes(attributes),
  boolAttributes(attributes),
  otherAttributes(attributes),
  explicit_bounds,
  if(is_prometheus, metric_name, translatedName(metric_name, unit, metric_type_name, is_monotonic AND temporality = 2)),
  CAST(arraySort(prometheusOverlay(identity_labels, own_labels)), 'Map(String, String)'),
  first_time,
  last_time
FROM (
  SELECT *, prometheusOverlay(point_labels, promoted_labels) AS own_labels
  FROM (
    SELECT *, prometheusMerged(point_pairs) AS point_labels
    FROM (
      SELECT
        *,
        toString(metric_type) AS metric_type_name,
        if(is_prometheus, verbatimPairs(attributes), prometheusPairs(attributes)) AS point_pairs
      FROM ({series})
    )
  )
)
