/** What one read may take when nothing tighter is asked for. */
export interface ReadLimits {
  readonly maxSeconds: number;
  readonly maxResultRows: number;
  readonly maxResultBytes: number;
}

/** Prometheus's two minutes; a million rows or 512 MiB of result are more than any page or API returns. */
export const defaultReadLimits: ReadLimits = {
  maxSeconds: 120,
  maxResultRows: 1_000_000,
  maxResultBytes: 512 * 1024 * 1024,
};

/**
 * Makes a session fit for queries that users cause: limits first, then read-only, after which the engine refuses
 * `file()`, `url()`, writes and undoing itself.
 */
export function readOnlyStatements(memoryBytes: number): readonly string[] {
  return [
    `SET max_execution_time = ${defaultReadLimits.maxSeconds}`,
    `SET max_memory_usage = ${Math.floor(memoryBytes * 0.6)}`,
    `SET max_bytes_before_external_group_by = ${Math.floor(memoryBytes * 0.3)}`,
    `SET max_bytes_before_external_sort = ${Math.floor(memoryBytes * 0.3)}`,
    `SET max_result_bytes = ${defaultReadLimits.maxResultBytes}`,
    "SET result_overflow_mode = 'throw'",
    'SET compile_expressions = 0',
    'SET allow_experimental_time_series_aggregate_functions = 1',
    'SET readonly = 1',
  ];
}
