-- One row a distinct set of resource attributes. Spans, logs and series carry its 8-byte id: rows stay small (17 bytes a
-- span against 34 with the map in every row) and a filter on a resource attribute becomes a filter on a sorted-in id.
CREATE TABLE IF NOT EXISTS resources (
  resource_id UInt64,
  service_name LowCardinality(String),
  schema_url LowCardinality(String),
  attributes_string Map(LowCardinality(String), String) CODEC(ZSTD(1)),
  attributes_int Map(LowCardinality(String), Int64) CODEC(ZSTD(1)),
  attributes_double Map(LowCardinality(String), Float64) CODEC(ZSTD(1)),
  attributes_bool Map(LowCardinality(String), Bool) CODEC(ZSTD(1)),
  attributes_other Map(LowCardinality(String), String) CODEC(ZSTD(1)),
  dropped_attributes_count UInt32,
  first_seen SimpleAggregateFunction(min, DateTime('UTC')),
  last_seen SimpleAggregateFunction(max, DateTime('UTC'))
)
ENGINE = AggregatingMergeTree
ORDER BY (service_name, resource_id)
SETTINGS non_replicated_deduplication_window = 10000;
