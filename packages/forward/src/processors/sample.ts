import { createHash } from 'node:crypto';
import { fields, type Kind, number, required } from '@maru/config';
import type { Signal } from '@maru/otlp';
import { findContent } from '../model/fields.ts';
import { mapItems } from '../model/telemetry.ts';
import type { ChangingProcessor } from './processor.ts';
import { randomnessOf, sampledSpan, thresholdOf } from './threshold.ts';

/** Keeps a share of traces, whole ones: spans and log records by their trace id. */
export interface SampleSettings {
  readonly kind: 'sample';
  /** 0 to 1. */
  readonly ratio: number;
}

const table: Kind<{ readonly ratio: number }> = fields({
  ratio: required(
    number('a number from 0 to 1', 0, 1),
    'The share that is kept, by trace id, consistently with every OpenTelemetry sampler (`th` in the trace state). Log records without a trace are chosen by their content; metrics are not sampled.',
  ),
});

export const sampleKind: Kind<SampleSettings> = {
  ...table,
  read: (node, path, problems) => {
    const config = table.read(node, path, problems);
    return config && { kind: 'sample', ...config };
  },
};

export function createSample({ ratio }: SampleSettings, signal: Signal): ChangingProcessor | undefined {
  if (signal === 'metrics') return undefined;
  const threshold = thresholdOf(ratio);
  const keep = signal === 'traces' ? sampledSpan : sampledRecord;
  return { kind: 'changing', process: (telemetry) => mapItems(telemetry, (item) => keep(item, threshold)) };
}

const logTraceId = 9;

function sampledRecord(record: Uint8Array, threshold: bigint): Uint8Array | undefined {
  const traceId = findContent(record, logTraceId);
  const source = traceId?.length === 16 ? traceId : createHash('md5').update(record).digest();
  return randomnessOf(source) >= threshold ? record : undefined;
}
