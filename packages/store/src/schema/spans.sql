-- One row a span.
--  * Order: five minutes, then service, then time. A search names a time range and often a service; both prune. Time first
--    beat service first on searches without a service, and cost 4 % on those with one.
--  * Attributes: one map a type with LowCardinality keys: 17.7 bytes a span of 11 attributes, against 21.2 for one text map
--    and 18.5 for an array of typed tuples; equality on one key 80 ms per 400,000 spans, 48 ms with bucketed maps
--    ('with_buckets': keys hashed into buckets that are read alone), against 122 ms and 189 ms.
--  * trace_id bloom filter: trace by id in 4 ms among 900,000 spans.
--  * Merges: twenty parts of like size at a time where the engine would take five, so that a span is rewritten less often,
--    and fresh parts in one file, which are synced faster. With ten, 15.7 CPU-seconds of the stack per million spans became
--    11.9; 3.9 million spans loaded in segments cost the engine 10.4 with ten and 8.6 with twenty, forty gained nothing more.
--    Maps in buckets are 1.3 of each rewriting's 3.2. Column after column from the first row on, where the engine would write
--    the columns of up to 131,072 rows all at once, and with buffers that begin small and end at 128 KiB in place of 1 MiB, of
--    which a map in buckets has dozens: 565, 523 and 487 MiB of both processes with 10,000 spans/s; nothing else differs.
CREATE TABLE IF NOT EXISTS spans (
  trace_id FixedString(16) CODEC(ZSTD(1)),
  span_id FixedString(8) CODEC(ZSTD(1)),
  parent_span_id FixedString(8) CODEC(ZSTD(1)),
  trace_state String CODEC(ZSTD(1)),
  flags UInt32 CODEC(ZSTD(1)),
  name LowCardinality(String),
  kind Enum8('unspecified' = 0, 'internal' = 1, 'server' = 2, 'client' = 3, 'producer' = 4, 'consumer' = 5),
  start_time DateTime64(9, 'UTC') CODEC(Delta(8), ZSTD(1)),
  duration_nano Int64 CODEC(ZSTD(1)),
  status_code Enum8('unset' = 0, 'ok' = 1, 'error' = 2),
  status_message String CODEC(ZSTD(1)),
  service_name LowCardinality(String),
  resource_id UInt64 CODEC(ZSTD(1)),
  scope_name LowCardinality(String),
  scope_version LowCardinality(String),
  scope_attributes Map(LowCardinality(String), String) CODEC(ZSTD(1)),
  attributes_string Map(LowCardinality(String), String) CODEC(ZSTD(1)),
  attributes_int Map(LowCardinality(String), Int64) CODEC(ZSTD(1)),
  attributes_double Map(LowCardinality(String), Float64) CODEC(ZSTD(1)),
  attributes_bool Map(LowCardinality(String), Bool) CODEC(ZSTD(1)),
  attributes_other Map(LowCardinality(String), String) CODEC(ZSTD(1)),
  dropped_attributes_count UInt32 CODEC(ZSTD(1)),
  `events.time` Array(DateTime64(9, 'UTC')) CODEC(ZSTD(1)),
  `events.name` Array(LowCardinality(String)) CODEC(ZSTD(1)),
  `events.attributes` Array(Map(LowCardinality(String), String)) CODEC(ZSTD(1)),
  `events.dropped_attributes_count` Array(UInt32) CODEC(ZSTD(1)),
  dropped_events_count UInt32 CODEC(ZSTD(1)),
  `links.trace_id` Array(FixedString(16)) CODEC(ZSTD(1)),
  `links.span_id` Array(FixedString(8)) CODEC(ZSTD(1)),
  `links.trace_state` Array(String) CODEC(ZSTD(1)),
  `links.attributes` Array(Map(LowCardinality(String), String)) CODEC(ZSTD(1)),
  `links.dropped_attributes_count` Array(UInt32) CODEC(ZSTD(1)),
  `links.flags` Array(UInt32) CODEC(ZSTD(1)),
  dropped_links_count UInt32 CODEC(ZSTD(1)),
  received_time DateTime64(3, 'UTC') CODEC(Delta(8), ZSTD(1)),
  INDEX trace_id_bloom trace_id TYPE bloom_filter(0.01) GRANULARITY 1,
  INDEX start_time_range start_time TYPE minmax GRANULARITY 1
)
ENGINE = MergeTree
PARTITION BY toYYYYMMDD(start_time)
ORDER BY (toStartOfInterval(start_time, INTERVAL 5 MINUTE), service_name, start_time)
SETTINGS
  map_serialization_version = 'with_buckets',
  map_serialization_version_for_zero_level_parts = 'basic',
  map_buckets_min_avg_size = 1,
  merge_selector_base = 20,
  vertical_merge_algorithm_min_rows_to_activate = 1,
  min_columns_to_activate_adaptive_write_buffer = 1,
  max_compress_block_size = 131072,
  min_level_for_wide_part = 1,
  non_replicated_deduplication_window = 1000,
  fsync_after_insert = 1,
  fsync_part_directory = 1,
  min_compressed_bytes_to_fsync_after_merge = 1;
