import { QueryError } from '@maru/query-core';
import type { Columns } from '@maru/store';
import { toSchema } from '../histogram/layout.ts';
import { denseBuckets, emptyHistogram, type NativeHistogram } from '../histogram/native-histogram.ts';
import { floatLists } from './columns.ts';
import { nestedFloats, type SamplesOfPart } from './part-samples.ts';
import type { ReadPoints } from './points.ts';

/** Prometheus's finest and coarsest schemas; OTLP's scales go on in both directions. */
const finestSchema = 8;
const coarsestSchema = -4;

/** The zero bucket of OTLP histograms that name no width, as Prometheus translates them. */
const defaultZeroThreshold = 1e-128;

/** OTLP exponential histograms as native histograms. A point that came without a sum counts as one of sum 0. */
export function exponentialSamples({ columns }: ReadPoints): SamplesOfPart {
  const histogramOf = exponentialHistograms(columns);
  return (points, part, isDelta) => ({
    labels: part.labels,
    times: points.times,
    values: new Float64Array(points.times.length),
    flags: points.flags,
    starts: points.starts,
    isDelta,
    histograms: Array.from(points.times, (_, index) => histogramOf(points.row, index)),
  });
}

function exponentialHistograms(columns: Columns): (row: number, index: number) => NativeHistogram {
  const list = (name: string) => floatLists(columns.column(name));
  const numbers = {
    count: list('counts'),
    sum: list('sums'),
    scale: list('scales'),
    zeroCount: list('zeroCounts'),
    zeroThreshold: list('zeroThresholds'),
    positiveOffset: list('positiveOffsets'),
    negativeOffset: list('negativeOffsets'),
  };
  const positive = nestedFloats(columns, 'positives');
  const negative = nestedFloats(columns, 'negatives');
  return (row, index) => {
    const at = (name: keyof typeof numbers) => numbers[name](row)[index] ?? 0;
    const zeroThreshold = at('zeroThreshold');
    return withPrometheusSchema({
      ...emptyHistogram,
      schema: at('scale'),
      count: at('count'),
      sum: at('sum'),
      zeroCount: at('zeroCount'),
      zeroThreshold: zeroThreshold === 0 ? defaultZeroThreshold : zeroThreshold,
      // OTLP's bucket i reaches from base^i to base^(i+1), Prometheus's ends at base^i.
      positive: denseBuckets(at('positiveOffset') + 1, positive(row)(index)),
      negative: denseBuckets(at('negativeOffset') + 1, negative(row)(index)),
    });
  };
}

function withPrometheusSchema(histogram: NativeHistogram): NativeHistogram {
  if (histogram.schema < coarsestSchema) {
    throw new QueryError(
      'execution',
      `an exponential histogram of scale ${histogram.schema} is too coarse for PromQL, which begins at ` +
        `${coarsestSchema}; send it with a greater scale`,
    );
  }
  return toSchema(histogram, finestSchema);
}
