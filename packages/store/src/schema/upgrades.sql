-- What stores of earlier versions lack. Run at every start, after the tables are there: each statement changes nothing in a
-- store that has it already (2 ms then), so no version number has to be kept, and a start that was cut short is taken up.

-- 2026-11: native histograms are a kind of metric of their own.
ALTER TABLE metric_series MODIFY COLUMN
  metric_type SimpleAggregateFunction(any, Enum8('gauge' = 5, 'sum' = 7, 'histogram' = 9, 'exponential_histogram' = 10, 'summary' = 11, 'native_histogram' = 29));

-- A change of number_points must be one of number_points_sealed, too: parts are moved from the one to the other.

-- Stores made before twenty parts were merged at a time.
ALTER TABLE spans MODIFY SETTING merge_selector_base = 20;
ALTER TABLE logs MODIFY SETTING merge_selector_base = 20;

-- Stores made before small merges went column by column, with small buffers.
ALTER TABLE spans MODIFY SETTING vertical_merge_algorithm_min_rows_to_activate = 1,
  min_columns_to_activate_adaptive_write_buffer = 1, max_compress_block_size = 131072;
ALTER TABLE logs MODIFY SETTING vertical_merge_algorithm_min_rows_to_activate = 1,
  min_columns_to_activate_adaptive_write_buffer = 1, max_compress_block_size = 131072;
