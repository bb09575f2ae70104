-- Each level of the request is unfolded in a SELECT of its own, so that what belongs to a resource or a scope is
-- computed once a resource or scope and not once a span.
INSERT INTO spans
SELECT
  toFixedString(span.trace_id, 16) AS trace_id,
  toFixedString(span.span_id, 8) AS span_id,
  toFixedString(span.parent_span_id, 8) AS parent_span_id,
  span.trace_state,
  span.flags,
  span.name,
  if(span.kind BETWEEN 0 AND 5, span.kind, 0),
  fromUnixTimestamp64Nano(toInt64(span.start_time_unix_nano), 'UTC') AS start_time,
  toInt64(span.end_time_unix_nano) - toInt64(span.start_time_unix_nano) AS duration_nano,
  if(span.status.code BETWEEN 0 AND 2, span.status.code, 0),
  span.status.message,
  service_name,
  resource_id,
  scope_name,
  scope_version,
  scope_attributes,
  stringAttributes(span.attributes),
  intAttributes(span.attributes),
  doubleAttributes(span.attributes),
  boolAttributes(span.attributes),
  otherAttributes(span.attributes),
  span.dropped_attributes_count,
  arrayMap(t -> fromUnixTimestamp64Nano(toInt64(t), 'UTC'), span.events.time_unix_nano),
  span.events.name,
  arrayMap(a -> jsonAttributes(a), span.events.attributes),
  span.events.dropped_attributes_count,
  span.dropped_events_count,
  arrayMap(id -> toFixedString(id, 16), span.links.trace_id),
  arrayMap(id -> toFixedString(id, 8), span.links.span_id),
  span.links.trace_state,
  arrayMap(a -> jsonAttributes(a), span.links.attributes),
  span.links.dropped_attributes_count,
  span.links.flags,
  span.dropped_links_count,
  received_time
FROM (
  SELECT
    service_name, resource_id, received_time,
    scope_spans.scope.name AS scope_name,
    scope_spans.scope.version AS scope_version,
    jsonAttributes(scope_spans.scope.attributes) AS scope_attributes,
    arrayJoin(scope_spans.spans) AS span
  FROM (
    SELECT
      serviceName(resource_spans.resource.attributes) AS service_name,
      attributesHash(resource_spans.resource.attributes) AS resource_id,
      received_time,
      arrayJoin(resource_spans.scope_spans) AS scope_spans
    FROM (
      SELECT
        arrayJoin(resource_spans) AS resource_spans,
        fromUnixTimestamp64Nano(toInt64(received_time_unix_nano), 'UTC') AS received_time
      FROM {messages}
    )
  )
)
