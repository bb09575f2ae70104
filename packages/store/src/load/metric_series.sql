-- The series of one metric kind. Names and labels are made in stages, each a SELECT: an alias is computed once, while a
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
      FROM (
        SELECT
          series_id,
          any(metric_name) AS metric_name,
          any(metric_type) AS metric_type,
          any(unit) AS unit,
          any(description) AS description,
          any(temporality) AS temporality,
          any(is_monotonic) AS is_monotonic,
          any(is_prometheus) AS is_prometheus,
          any(service_name) AS service_name,
          any(resource_id) AS resource_id,
          any(scope_name) AS scope_name,
          any(scope_version) AS scope_version,
          any(explicit_bounds) AS explicit_bounds,
          any(point.attributes) AS attributes,
          min(time) AS first_time,
          max(time) AS last_time
        FROM ({points})
        GROUP BY series_id
      ) AS series
      INNER JOIN (
        SELECT
          attributesHash(attributes) AS resource_id,
          any(prometheusMerged(prometheusPairs(promotedAttributes(attributes)))) AS promoted_labels,
          any(prometheusIdentity(attributes)) AS identity_labels
        FROM (
          SELECT resource_metrics.resource.attributes AS attributes
          FROM (SELECT arrayJoin(resource_metrics) AS resource_metrics FROM {messages})
        )
        GROUP BY resource_id
      ) AS resource_labels
      USING (resource_id)
    )
  )
)
