-- All series of a segment, with what their resources give, which is made once a resource.
SELECT *
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
