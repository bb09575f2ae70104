import { expect, test } from 'vitest';
import { readBatchLimits, readMetricTiming } from './environment.ts';

test('batch limits are read by prefix, and what is absent or useless is left to the SDK', () => {
  const environment = {
    OTEL_BSP_SCHEDULE_DELAY: '200',
    OTEL_BSP_MAX_QUEUE_SIZE: '4096',
    OTEL_BSP_EXPORT_TIMEOUT: 'soon',
    OTEL_BLRP_MAX_EXPORT_BATCH_SIZE: '10',
    OTEL_BLRP_SCHEDULE_DELAY: '-1',
  };
  expect(readBatchLimits(environment, 'OTEL_BSP')).toEqual({ scheduledDelayMillis: 200, maxQueueSize: 4096 });
  expect(readBatchLimits(environment, 'OTEL_BLRP')).toEqual({ maxExportBatchSize: 10 });
});

test('metrics go out every minute unless told otherwise, and never time out after the next export', () => {
  expect(readMetricTiming({})).toEqual({ exportIntervalMillis: 60_000, exportTimeoutMillis: 30_000 });
  expect(readMetricTiming({ OTEL_METRIC_EXPORT_INTERVAL: '1000' })).toEqual({
    exportIntervalMillis: 1_000,
    exportTimeoutMillis: 1_000,
  });
});
