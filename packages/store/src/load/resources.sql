-- The distinct resources of a segment; merges fold repeats into one row each.
INSERT INTO resources
SELECT
  resource_id,
  any(serviceName(attributes)),
  any(schema_url),
  any(stringAttributes(attributes)),
  any(intAttributes(attributes)),
  any(doubleAttributes(attributes)),
  any(boolAttributes(attributes)),
  any(otherAttributes(attributes)),
  any(dropped_attributes_count),
  min(received_time) AS first_seen,
  max(received_time) AS last_seen
FROM (
  SELECT
    resource.attributes AS attributes,
    attributesHash(resource.attributes) AS resource_id,
    resource.dropped_attributes_count AS dropped_attributes_count,
    schema_url,
    received_time
  FROM (
    SELECT
      (arrayJoin({field}) AS parent).resource AS resource,
      parent.schema_url AS schema_url,
      toDateTime(fromUnixTimestamp64Nano(toInt64(received_time_unix_nano), 'UTC')) AS received_time
    FROM {messages}
  )
)
GROUP BY resource_id
