-- The series of a segment that the store has not seen for ten minutes, by which `last_time` may lag. What the resource gives
-- comes along with each point, since the messages can be read once here: 1.35 times the CPU of series_and_resources.sql where
-- all series are new, and nearly none of the naming where none is.
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
  any(promoted_labels) AS promoted_labels,
  any(identity_labels) AS identity_labels,
  min(time) AS first_time,
  max(time) AS last_time
FROM ({points})
WHERE series_id NOT IN (SELECT series_id FROM metric_series WHERE last_time > now64(3) - INTERVAL 10 MINUTE)
GROUP BY series_id
