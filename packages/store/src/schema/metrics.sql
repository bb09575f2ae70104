-- A metric's identity lives once in metric_series; its points live in one table a kind and carry the series' id.
-- Points are ordered by metric, series, time: what one PromQL selector reads lies together. Times are in milliseconds,
-- as Prometheus keeps them.

-- One row a series: a distinct (metric, kind, unit, temporality, resource, scope, point attributes, bucket bounds).
-- prometheus_name and labels are the series as PromQL sees it; histograms carry their base name here, and `_bucket`,
-- `_count` and `_sum` are made from the arrays when asked for (one row a point instead of seventeen).
CREATE TABLE IF NOT EXISTS metric_series (
  metric_name SimpleAggregateFunction(any, String),
  series_id UInt64,
  metric_type SimpleAggregateFunction(any, Enum8('gauge' = 5, 'sum' = 7, 'histogram' = 9, 'exponential_histogram' = 10, 'summary' = 11, 'native_histogram' = 29)),
  unit SimpleAggregateFunction(any, String),
  description SimpleAggregateFunction(any, String),
  temporality SimpleAggregateFunction(any, Enum8('unspecified' = 0, 'delta' = 1, 'cumulative' = 2)),
  is_monotonic SimpleAggregateFunction(any, Bool),
  service_name SimpleAggregateFunction(any, String),
  resource_id SimpleAggregateFunction(any, UInt64),
  scope_name SimpleAggregateFunction(any, String),
  scope_version SimpleAggregateFunction(any, String),
  attributes_string SimpleAggregateFunction(any, Map(String, String)) CODEC(ZSTD(1)),
  attributes_int SimpleAggregateFunction(any, Map(String, Int64)) CODEC(ZSTD(1)),
  attributes_double SimpleAggregateFunction(any, Map(String, Float64)) CODEC(ZSTD(1)),
  attributes_bool SimpleAggregateFunction(any, Map(String, Bool)) CODEC(ZSTD(1)),
  attributes_other SimpleAggregateFunction(any, Map(String, String)) CODEC(ZSTD(1)),
  explicit_bounds SimpleAggregateFunction(any, Array(Float64)) CODEC(ZSTD(1)),
  prometheus_name LowCardinality(String),
  labels SimpleAggregateFunction(any, Map(String, String)) CODEC(ZSTD(1)),
  first_time SimpleAggregateFunction(min, DateTime64(3, 'UTC')),
  last_time SimpleAggregateFunction(max, DateTime64(3, 'UTC'))
)
ENGINE = AggregatingMergeTree
ORDER BY (prometheus_name, series_id)
SETTINGS
  merge_selector_base = 10,
  min_level_for_wide_part = 1,
  non_replicated_deduplication_window = 1000,
  fsync_after_insert = 1,
  fsync_part_directory = 1,
  min_compressed_bytes_to_fsync_after_merge = 1;

-- Gauges and sums. `flags` bit 0 is OTLP's NoRecordedValue: a stale marker. A selector of 100 series among 10,000 reads a granule
-- for each: of 1,024 rows and with blocks of their size in half the time of 8,192. That takes twice the disk, for some hours
-- until the samples are packed.
CREATE TABLE IF NOT EXISTS number_points (
  metric_name LowCardinality(String),
  series_id UInt64 CODEC(ZSTD(1)),
  time DateTime64(3, 'UTC') CODEC(DoubleDelta, ZSTD(1)),
  start_time DateTime64(3, 'UTC') CODEC(Delta(8), ZSTD(1)),
  value Float64 CODEC(Delta(8), ZSTD(1)),
  flags UInt8 CODEC(ZSTD(1))
)
ENGINE = MergeTree
PARTITION BY toYYYYMMDD(time)
ORDER BY (metric_name, series_id, time)
SETTINGS
  index_granularity = 1024,
  min_compress_block_size = 8192,
  merge_selector_base = 10,
  min_level_for_wide_part = 1,
  non_replicated_deduplication_window = 1000,
  fsync_after_insert = 1,
  fsync_part_directory = 1,
  min_compressed_bytes_to_fsync_after_merge = 1;

-- Explicit-bucket histograms; bucket_counts has one more element than the series' explicit_bounds, or none.
CREATE TABLE IF NOT EXISTS histogram_points (
  metric_name LowCardinality(String),
  series_id UInt64 CODEC(ZSTD(1)),
  time DateTime64(3, 'UTC') CODEC(DoubleDelta, ZSTD(1)),
  start_time DateTime64(3, 'UTC') CODEC(Delta(8), ZSTD(1)),
  count UInt64 CODEC(Delta(8), ZSTD(1)),
  sum Nullable(Float64) CODEC(ZSTD(1)),
  min Nullable(Float64) CODEC(ZSTD(1)),
  max Nullable(Float64) CODEC(ZSTD(1)),
  bucket_counts Array(UInt64) CODEC(ZSTD(1)),
  flags UInt8 CODEC(ZSTD(1))
)
ENGINE = MergeTree
PARTITION BY toYYYYMMDD(time)
ORDER BY (metric_name, series_id, time)
SETTINGS
  merge_selector_base = 10,
  min_level_for_wide_part = 1,
  non_replicated_deduplication_window = 1000,
  fsync_after_insert = 1,
  fsync_part_directory = 1,
  min_compressed_bytes_to_fsync_after_merge = 1;

CREATE TABLE IF NOT EXISTS exponential_histogram_points (
  metric_name LowCardinality(String),
  series_id UInt64 CODEC(ZSTD(1)),
  time DateTime64(3, 'UTC') CODEC(DoubleDelta, ZSTD(1)),
  start_time DateTime64(3, 'UTC') CODEC(Delta(8), ZSTD(1)),
  count UInt64 CODEC(Delta(8), ZSTD(1)),
  sum Nullable(Float64) CODEC(ZSTD(1)),
  min Nullable(Float64) CODEC(ZSTD(1)),
  max Nullable(Float64) CODEC(ZSTD(1)),
  scale Int32 CODEC(ZSTD(1)),
  zero_count UInt64 CODEC(ZSTD(1)),
  zero_threshold Float64 CODEC(ZSTD(1)),
  positive_offset Int32 CODEC(ZSTD(1)),
  positive_counts Array(UInt64) CODEC(ZSTD(1)),
  negative_offset Int32 CODEC(ZSTD(1)),
  negative_counts Array(UInt64) CODEC(ZSTD(1)),
  flags UInt8 CODEC(ZSTD(1))
)
ENGINE = MergeTree
PARTITION BY toYYYYMMDD(time)
ORDER BY (metric_name, series_id, time)
SETTINGS
  merge_selector_base = 10,
  min_level_for_wide_part = 1,
  non_replicated_deduplication_window = 1000,
  fsync_after_insert = 1,
  fsync_part_directory = 1,
  min_compressed_bytes_to_fsync_after_merge = 1;

-- Native histograms as Prometheus has them and OTLP does not: counts of fractions, bounds of their own (schema -53), hints
-- about resets. Populated buckets only, by Prometheus's index in ascending order.
CREATE TABLE IF NOT EXISTS native_histogram_points (
  metric_name LowCardinality(String),
  series_id UInt64 CODEC(ZSTD(1)),
  time DateTime64(3, 'UTC') CODEC(DoubleDelta, ZSTD(1)),
  start_time DateTime64(3, 'UTC') CODEC(Delta(8), ZSTD(1)),
  count Float64 CODEC(ZSTD(1)),
  sum Float64 CODEC(ZSTD(1)),
  schema Int8 CODEC(ZSTD(1)),
  zero_count Float64 CODEC(ZSTD(1)),
  zero_threshold Float64 CODEC(ZSTD(1)),
  positive_indexes Array(Int32) CODEC(ZSTD(1)),
  positive_counts Array(Float64) CODEC(ZSTD(1)),
  negative_indexes Array(Int32) CODEC(ZSTD(1)),
  negative_counts Array(Float64) CODEC(ZSTD(1)),
  custom_bounds Array(Float64) CODEC(ZSTD(1)),
  reset_hint Enum8('unknown' = 0, 'reset' = 1, 'not_reset' = 2, 'gauge' = 3),
  flags UInt8 CODEC(ZSTD(1))
)
ENGINE = MergeTree
PARTITION BY toYYYYMMDD(time)
ORDER BY (metric_name, series_id, time)
SETTINGS
  merge_selector_base = 10,
  min_level_for_wide_part = 1,
  non_replicated_deduplication_window = 1000,
  fsync_after_insert = 1,
  fsync_part_directory = 1,
  min_compressed_bytes_to_fsync_after_merge = 1;

CREATE TABLE IF NOT EXISTS summary_points (
  metric_name LowCardinality(String),
  series_id UInt64 CODEC(ZSTD(1)),
  time DateTime64(3, 'UTC') CODEC(DoubleDelta, ZSTD(1)),
  start_time DateTime64(3, 'UTC') CODEC(Delta(8), ZSTD(1)),
  count UInt64 CODEC(Delta(8), ZSTD(1)),
  sum Float64 CODEC(ZSTD(1)),
  quantiles Array(Float64) CODEC(ZSTD(1)),
  quantile_values Array(Float64) CODEC(ZSTD(1)),
  flags UInt8 CODEC(ZSTD(1))
)
ENGINE = MergeTree
PARTITION BY toYYYYMMDD(time)
ORDER BY (metric_name, series_id, time)
SETTINGS
  merge_selector_base = 10,
  min_level_for_wide_part = 1,
  non_replicated_deduplication_window = 1000,
  fsync_after_insert = 1,
  fsync_part_directory = 1,
  min_compressed_bytes_to_fsync_after_merge = 1;

CREATE TABLE IF NOT EXISTS exemplars (
  metric_name LowCardinality(String),
  series_id UInt64 CODEC(ZSTD(1)),
  time DateTime64(3, 'UTC') CODEC(DoubleDelta, ZSTD(1)),
  value Float64 CODEC(ZSTD(1)),
  trace_id FixedString(16) CODEC(ZSTD(1)),
  span_id FixedString(8) CODEC(ZSTD(1)),
  filtered_attributes Map(LowCardinality(String), String) CODEC(ZSTD(1))
)
ENGINE = MergeTree
PARTITION BY toYYYYMMDD(time)
ORDER BY (metric_name, series_id, time)
SETTINGS
  merge_selector_base = 10,
  min_level_for_wide_part = 1,
  non_replicated_deduplication_window = 1000,
  fsync_after_insert = 1,
  fsync_part_directory = 1,
  min_compressed_bytes_to_fsync_after_merge = 1;
