import { QueryError } from '@maru/query-core';
import type { Columns } from '@maru/store';
import { toSchema } from '../histogram/layout.ts';
import {
  type Buckets,
  denseBuckets,
  emptyHistogram,
  type NativeHistogram,
  noBuckets,
  type ResetHint,
} from '../histogram/native-histogram.ts';
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
  return samplesBy(exponentialHistograms(columns));
}

/** Prometheus's own native histograms, stored as they were sent. */
export function nativeSamples({ columns }: ReadPoints): SamplesOfPart {
  return samplesBy(nativeHistograms(columns));
}

type HistogramAt = (row: number, index: number) => NativeHistogram;

function samplesBy(histogramOf: HistogramAt): SamplesOfPart {
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

function exponentialHistograms(columns: Columns): HistogramAt {
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

/** By the number of the store's enum. */
const hints: readonly ResetHint[] = ['unknown', 'reset', 'notReset', 'gauge'];

function nativeHistograms(columns: Columns): HistogramAt {
  const list = (name: string) => floatLists(columns.column(name));
  const nested = (name: string) => nestedFloats(columns, name);
  const [counts, sums, schemas] = [list('counts'), list('sums'), list('schemas')];
  const [zeroCounts, zeroThresholds, hintNumbers] = [
    list('zeroCounts'),
    list('zeroThresholds'),
    list('hints'),
  ];
  const [positiveIndexes, positiveCounts] = [nested('positiveIndexes'), nested('positiveCounts')];
  const [negativeIndexes, negativeCounts] = [nested('negativeIndexes'), nested('negativeCounts')];
  const bounds = nested('bounds');
  return (row, index) => ({
    schema: schemas(row)[index] ?? 0,
    count: counts(row)[index] ?? 0,
    sum: sums(row)[index] ?? 0,
    zeroCount: zeroCounts(row)[index] ?? 0,
    zeroThreshold: zeroThresholds(row)[index] ?? 0,
    positive: bucketsFrom(positiveIndexes(row)(index), positiveCounts(row)(index)),
    negative: bucketsFrom(negativeIndexes(row)(index), negativeCounts(row)(index)),
    customBounds: bounds(row)(index),
    resetHint: hints[hintNumbers(row)[index] ?? 0] ?? 'unknown',
  });
}

function bucketsFrom(indexes: Float64Array, counts: Float64Array): Buckets {
  return indexes.length === 0 ? noBuckets : { indexes: Int32Array.from(indexes), counts };
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
