/** Settings of one statement, by name. */
export type EngineSettings = Readonly<Record<string, string | number>>;

/** JIT compilation is off: it cost 33 of 90 ms of a small statement and gained nothing on large ones. */
export const messageSettings: EngineSettings = {
  input_format_protobuf_oneof_presence: 1,
  compile_expressions: 0,
  max_threads: 1,
};

/** Of a block: it is short to read, and no expression in its statement is worth compiling. */
export const blockSettings: EngineSettings = { compile_expressions: 0, max_threads: 1 };

/**
 * A segment becomes one block a partition: rows are gathered until the file ends. So a segment that the engine
 * refuses half way leaves nothing behind, and one that is loaded again is cut the same and recognised.
 */
export function insertSettings(token: string): EngineSettings {
  return {
    insert_deduplication_token: token,
    max_insert_threads: 1,
    min_insert_block_size_rows: 1_000_000_000,
    min_insert_block_size_bytes: 0,
    max_partitions_per_insert_block: 0,
  };
}
