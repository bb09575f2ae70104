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

/** What a session for queries that users cause is limited by, apart from being read-only. */
export function readOnlySettings(memoryBytes: number): Readonly<Record<string, number | string>> {
  return {
    max_execution_time: defaultReadLimits.maxSeconds,
    max_memory_usage: Math.floor(memoryBytes * 0.6),
    max_bytes_before_external_group_by: Math.floor(memoryBytes * 0.3),
    max_bytes_before_external_sort: Math.floor(memoryBytes * 0.3),
    max_result_bytes: defaultReadLimits.maxResultBytes,
    result_overflow_mode: 'throw',
    compile_expressions: 0,
    allow_experimental_time_series_aggregate_functions: 1,
  };
}
