-- Samples of `number_points`, packed: one row for some neighbouring samples of a series, some two bytes a sample where a row
-- has 25. docs/reference/chunk-format.md draws `samples`; what makes them is in ../samples. A series may have several chunks
-- of the same time, as samples that come late are packed later.
--  * A chunk never reaches over a full second hour (UTC), hence over no day: a read knows where chunks may begin, and days
--    are dropped whole.
--  * An array of bytes and no string: the engine hands it over four times faster.
CREATE TABLE IF NOT EXISTS number_chunks (
  metric_name LowCardinality(String),
  series_id UInt64 CODEC(ZSTD(1)),
  first_time DateTime64(3, 'UTC') CODEC(Delta(8), ZSTD(1)),
  last_time DateTime64(3, 'UTC') CODEC(Delta(8), ZSTD(1)),
  sample_count UInt16 CODEC(ZSTD(1)),
  samples Array(UInt8) CODEC(LZ4)
)
ENGINE = MergeTree
PARTITION BY toYYYYMMDD(first_time)
ORDER BY (metric_name, toStartOfInterval(first_time, INTERVAL 2 HOUR), series_id, first_time)
SETTINGS
  index_granularity = 256,
  merge_selector_base = 10,
  non_replicated_deduplication_window = 1000,
  fsync_after_insert = 1,
  fsync_part_directory = 1,
  min_compressed_bytes_to_fsync_after_merge = 1;

-- Days of `number_points` that are being packed. Nothing is inserted here: parts are moved in, and dropped when packed.
CREATE TABLE IF NOT EXISTS number_points_sealed AS number_points;
