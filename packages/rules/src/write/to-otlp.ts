import type { NativeHistogram } from '@maru/promql';

import { seriesToOtlp, type WrittenHistogram, type WrittenSeries } from '@maru/receive';
import type { RuleSample } from '../evaluate/sample.ts';

/** An `ExportMetricsServiceRequest` of what rules have made; empty when there is nothing. */
export function samplesToOtlp(samples: readonly RuleSample[]): Uint8Array {
  return seriesToOtlp(samples.map(writtenSeries)).request;
}

function writtenSeries({ labels, timeMs, value }: RuleSample): WrittenSeries {
  const time = { timeMs: BigInt(timeMs), startMs: 0n };
  const isNumber = typeof value !== 'object';
  return {
    labels: [...labels],
    samples: isNumber ? [{ bits: value === 'stale' ? staleBits : bitsOf(value), ...time }] : [],
    histograms: isNumber ? [] : [{ ...writtenHistogram(value), ...time }],
    exemplars: [],
    help: '',
    isCounter: false,
  };
}

const staleBits = 0x7ff0000000000002n;

/** A number that is none has one form, lest it be taken for a stale marker. */
function bitsOf(value: number): bigint {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, Number.isNaN(value) ? Number.NaN : value);
  return view.getBigUint64(0);
}

const hints: Readonly<Record<NativeHistogram['resetHint'], number>> = {
  unknown: 0,
  reset: 1,
  notReset: 2,
  gauge: 3,
};

function writtenHistogram(histogram: NativeHistogram): Omit<WrittenHistogram, 'timeMs' | 'startMs'> {
  const { count, sum, schema, zeroThreshold, zeroCount, customBounds, resetHint } = histogram;
  return {
    isFloat: true,
    count,
    sum,
    sumBits: bitsOf(sum),
    schema,
    zeroThreshold,
    zeroCount,
    negative: spansOf(histogram.negative),
    positive: spansOf(histogram.positive),
    bounds: [...customBounds],
    resetHint: hints[resetHint],
  };
}

/** A span a bucket: nobody reads them but the next function. */
function spansOf({ indexes, counts }: NativeHistogram['positive']): WrittenHistogram['positive'] {
  const spans = Array.from(indexes, (index, place) => ({
    offset: place === 0 ? index : index - (indexes[place - 1] ?? 0) - 1,
    length: 1,
  }));
  return { spans, counts: [...counts] };
}
