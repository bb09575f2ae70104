INSERT INTO logs
SELECT
  multiIf(
    record.time_unix_nano != 0, fromUnixTimestamp64Nano(toInt64(record.time_unix_nano), 'UTC'),
    record.observed_time_unix_nano != 0, fromUnixTimestamp64Nano(toInt64(record.observed_time_unix_nano), 'UTC'),
    received_time) AS time,
  fromUnixTimestamp64Nano(toInt64(record.observed_time_unix_nano), 'UTC') AS observed_time,
  toFixedString(record.trace_id, 16) AS trace_id,
  toFixedString(record.span_id, 8) AS span_id,
  record.flags,
  if(record.severity_number BETWEEN 0 AND 24, record.severity_number, 0),
  record.severity_text,
  record.event_name,
  valueText(record.body) AS body,
  record.body.value AS body_type,
  service_name,
  resource_id,
  scope_name,
  scope_version,
  scope_attributes,
  stringAttributes(record.attributes),
  intAttributes(record.attributes),
  doubleAttributes(record.attributes),
  boolAttributes(record.attributes),
  otherAttributes(record.attributes),
  record.dropped_attributes_count,
  received_time
FROM (
  SELECT
    service_name, resource_id, received_time,
    scope_logs.scope.name AS scope_name,
    scope_logs.scope.version AS scope_version,
    jsonAttributes(scope_logs.scope.attributes) AS scope_attributes,
    arrayJoin(scope_logs.log_records) AS record
  FROM (
    SELECT
      serviceName(resource_logs.resource.attributes) AS service_name,
      attributesHash(resource_logs.resource.attributes) AS resource_id,
      received_time,
      arrayJoin(resource_logs.scope_logs) AS scope_logs
    FROM (
      SELECT
        arrayJoin(resource_logs) AS resource_logs,
        fromUnixTimestamp64Nano(toInt64(received_time_unix_nano), 'UTC') AS received_time
      FROM {messages}
    )
  )
)
