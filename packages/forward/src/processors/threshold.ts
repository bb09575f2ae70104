import { stringField } from '@maru/otlp';
import { findContent, nothing, readFields, utf8, viewOf } from '../model/fields.ts';

/**
 * Consistent probability sampling as OpenTelemetry specifies it: 56 bits of randomness (`rv` of the trace state, else the last
 * seven bytes of the trace id) against a threshold of 56 bits, which the trace state carries on as `th`. So that all that
 * sample by it keep the same traces.
 */
const space = 2n ** 56n;

/** The share of 2^56 that is not kept. */
export function thresholdOf(ratio: number): bigint {
  const kept = BigInt(Math.round(Math.min(1, Math.max(0, ratio)) * 2 ** 52)) * 16n;
  return space - kept;
}

/** Randomness of a trace id of 16 bytes. */
export function randomnessOf(traceId: Uint8Array): bigint {
  return viewOf(traceId).getBigUint64(8) & (space - 1n);
}

/** What a trace state says under `ot`: its own randomness and the threshold that it was sampled by. */
export interface TraceStateFacts {
  readonly randomness: bigint | undefined;
  readonly threshold: bigint | undefined;
}

const nothingKnown: TraceStateFacts = { randomness: undefined, threshold: undefined };

export function readTraceState(traceState: string): TraceStateFacts {
  if (traceState === '') return nothingKnown;
  const values = new Map(
    otPart(traceState)
      .split(';')
      .map((pair) => [pair.slice(0, pair.indexOf(':')), pair.slice(pair.indexOf(':') + 1)] as const),
  );
  const rv = values.get('rv');
  const th = values.get('th');
  return {
    randomness: rv !== undefined && /^[0-9a-f]{14}$/.test(rv) ? BigInt(`0x${rv}`) : undefined,
    threshold:
      th !== undefined && /^[0-9a-f]{1,14}$/.test(th) ? BigInt(`0x${th.padEnd(14, '0')}`) : undefined,
  };
}

function otPart(traceState: string): string {
  const member = traceState.split(',').find((one) => one.trim().startsWith('ot='));
  return member?.trim().slice(3) ?? '';
}

/** The trace state with a threshold: seven bytes in hexadecimal, the zeros at the end left out. */
export function withThreshold(traceState: string, threshold: bigint): string {
  const th = threshold.toString(16).padStart(14, '0').replace(/0+$/, '') || '0';
  const rest = otPart(traceState)
    .split(';')
    .filter((pair) => pair !== '' && !pair.startsWith('th:'));
  const others = traceState
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '' && !one.startsWith('ot='));
  return [`ot=${[`th:${th}`, ...rest].join(';')}`, ...others].join(',');
}

const spanField = { traceId: 1, traceState: 3 } as const;

/** The span with the threshold that it was kept by, or undefined when it is not kept. A higher one that it has already stays. */
export function sampledSpan(span: Uint8Array, threshold: bigint): Uint8Array | undefined {
  const traceState = utf8(findContent(span, spanField.traceState) ?? nothing);
  const known = readTraceState(traceState);
  const randomness =
    known.randomness ?? randomnessOf(findContent(span, spanField.traceId) ?? new Uint8Array(16));
  const higher = known.threshold !== undefined && known.threshold > threshold ? known.threshold : threshold;
  if (randomness < higher) return undefined;
  if (higher === known.threshold || higher === 0n) return span;
  const rest = readFields(span)
    .filter(({ number }) => number !== spanField.traceState)
    .map(({ raw }) => raw);
  return Buffer.concat([...rest, stringField(spanField.traceState, withThreshold(traceState, higher))]);
}
