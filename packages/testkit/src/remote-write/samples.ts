import {
  concat,
  double,
  doubleField,
  lengthDelimited,
  tag,
  varintField,
  wireType,
  zigzagField,
} from '@maru/otlp';
import type { NativeHistogram } from '@maru/promql';

/** Prometheus's own NaN that says that a series has ended. */
export const staleMarker: Uint8Array = concat(
  tag(1, wireType.fixed64),
  Buffer.from('020000000000f07f', 'hex'),
);

/** When a sample is, and when its counter began (0: not known), in milliseconds. */
export interface SampleTime {
  readonly timeMs: number;
  readonly startMs: number;
}

/** A sample of remote write; both versions have the same numbers, only 2.0 has the start. */
export function sampleMessage(value: number | 'stale', { timeMs, startMs }: SampleTime): Uint8Array {
  return concat(
    value === 'stale' ? staleMarker : doubleField(1, value),
    varintField(2, timeMs),
    varintField(3, startMs),
  );
}

const hints: Readonly<Record<NativeHistogram['resetHint'], number>> = {
  unknown: 0,
  reset: 1,
  notReset: 2,
  gauge: 3,
};

/** A native histogram of remote write, with counts as doubles. */
export function histogramMessage(histogram: NativeHistogram, { timeMs, startMs }: SampleTime): Uint8Array {
  return concat(
    doubleField(2, histogram.count),
    doubleField(3, histogram.sum),
    zigzagField(4, histogram.schema),
    doubleField(5, histogram.zeroThreshold),
    doubleField(7, histogram.zeroCount),
    ...spansOf(histogram.negative.indexes).map((span) => lengthDelimited(8, span)),
    lengthDelimited(10, ...Array.from(histogram.negative.counts, double)),
    ...spansOf(histogram.positive.indexes).map((span) => lengthDelimited(11, span)),
    lengthDelimited(13, ...Array.from(histogram.positive.counts, double)),
    varintField(14, hints[histogram.resetHint]),
    varintField(15, timeMs),
    lengthDelimited(16, ...Array.from(histogram.customBounds, double)),
    varintField(17, startMs),
  );
}

/** One span a run of neighbouring buckets; each says how far it begins after the end of the last. */
function spansOf(indexes: Int32Array): readonly Uint8Array[] {
  const spans: Uint8Array[] = [];
  let end = 0;
  for (let at = 0; at < indexes.length; ) {
    const first = indexes[at] ?? 0;
    let length = 1;
    while (indexes[at + length] === first + length) length += 1;
    spans.push(concat(zigzagField(1, first - end), varintField(2, length)));
    end = first + length;
    at += length;
  }
  return spans;
}
