/** Batching limits in the shape both batch processors of the SDK take; absent means the SDK's own default. */
export interface BatchLimits {
  readonly maxQueueSize?: number;
  readonly maxExportBatchSize?: number;
  readonly scheduledDelayMillis?: number;
  readonly exportTimeoutMillis?: number;
}

/** Metric export timing; the interval's default (60 s) is the specification's. */
export interface MetricTiming {
  readonly exportIntervalMillis: number;
  readonly exportTimeoutMillis: number;
}

/**
 * Reads `OTEL_BSP_*` or `OTEL_BLRP_*`. The SDK reads these itself only for processors that it makes itself, and ours
 * carry the gate of the telemetry faults.
 */
export function readBatchLimits(
  environment: NodeJS.ProcessEnv,
  prefix: 'OTEL_BSP' | 'OTEL_BLRP',
): BatchLimits {
  return {
    ...optional('maxQueueSize', positive(environment[`${prefix}_MAX_QUEUE_SIZE`])),
    ...optional('maxExportBatchSize', positive(environment[`${prefix}_MAX_EXPORT_BATCH_SIZE`])),
    ...optional('scheduledDelayMillis', positive(environment[`${prefix}_SCHEDULE_DELAY`])),
    ...optional('exportTimeoutMillis', positive(environment[`${prefix}_EXPORT_TIMEOUT`])),
  };
}

/** Reads `OTEL_METRIC_EXPORT_INTERVAL` and `_TIMEOUT`; the timeout never exceeds the interval. */
export function readMetricTiming(environment: NodeJS.ProcessEnv): MetricTiming {
  const exportIntervalMillis = positive(environment.OTEL_METRIC_EXPORT_INTERVAL) ?? 60_000;
  const timeout = positive(environment.OTEL_METRIC_EXPORT_TIMEOUT) ?? 30_000;
  return { exportIntervalMillis, exportTimeoutMillis: Math.min(timeout, exportIntervalMillis) };
}

function positive(text: string | undefined): number | undefined {
  const value = Number(text);
  return text && Number.isFinite(value) && value > 0 ? value : undefined;
}

function optional<Key extends string>(key: Key, value: number | undefined): Partial<Record<Key, number>> {
  const entry: Partial<Record<Key, number>> = {};
  if (value !== undefined) entry[key] = value;
  return entry;
}
