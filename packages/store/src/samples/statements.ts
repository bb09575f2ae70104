import { identifier, type Sql, sql } from '../sql.ts';
import { chunkStructure } from './chunk-batch.ts';

/** Days (`YYYYMMDD`) of a table that hold something. */
export function partitionsOf(table: 'number_points' | 'number_points_sealed'): Sql {
  return sql`SELECT partition_id AS partition FROM system.parts
    WHERE database = currentDatabase() AND table = ${table} AND active AND rows > 0 GROUP BY partition_id ORDER BY partition_id`;
}

/** How many rows are not packed. */
export const rowsToPack: Sql = sql`SELECT sum(rows) AS count FROM system.parts
  WHERE database = currentDatabase() AND table IN ('number_points', 'number_points_sealed') AND active`;

/** Takes a day out of the table that is loaded into, in 15 ms whatever its size; what comes later of that day stays there. */
export function sealPartition(partition: string): Sql {
  return sql`ALTER TABLE number_points MOVE PARTITION ID ${partition} TO TABLE number_points_sealed`;
}

export function dropSealed(partition: string): Sql {
  return sql`ALTER TABLE number_points_sealed DROP PARTITION ID ${partition}`;
}

/** The metrics of a sealed day by the hash that stands for their names in `sealedRows`. */
export function sealedNames(partition: string): Sql {
  return sql`SELECT DISTINCT CAST(cityHash64(metric_name), 'UInt64') AS name_hash, CAST(metric_name, 'String') AS name
    FROM number_points_sealed WHERE _partition_id = ${partition}`;
}

/**
 * The rows of a sealed day in the order of series and time: one thread that merges the table's parts as it goes, so that
 * memory is bounded by the number of parts. Names come as hashes, because a text a row costs more than the rest of it.
 */
export function sealedRows(partition: string): Sql {
  return sql`SELECT CAST(cityHash64(metric_name), 'UInt64') AS name_hash, series_id,
      toFloat64(toUnixTimestamp64Milli(time)) AS times, value AS ${identifier('values')}, flags,
      toFloat64(toUnixTimestamp64Milli(start_time)) AS starts
    FROM number_points_sealed WHERE _partition_id = ${partition}
    ORDER BY metric_name, series_id, time
    SETTINGS max_threads = 1, optimize_read_in_order = 1, max_block_size = 16384`;
}

/** Writes the chunks of a file of one block, as one part of the table; a repeat with the same token adds nothing. */
export function insertChunks(path: string, token: string): Sql {
  return sql`INSERT INTO number_chunks SELECT * FROM file(${path}, 'Native', ${chunkStructure})
    SETTINGS max_threads = 1, max_insert_threads = 1, insert_deduplication_token = ${token},
      min_insert_block_size_rows = 1000000000, min_insert_block_size_bytes = 0`;
}
