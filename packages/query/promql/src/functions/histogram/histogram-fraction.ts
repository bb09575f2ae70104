import { mergeSameLabels } from '../../evaluate/names.ts';
import type { Value } from '../../evaluate/values.ts';
import { nativeFraction } from '../../histogram/estimate.ts';
import { type FunctionDefinition, whole } from '../definition.ts';
import { forMetric } from '../metric-note.ts';
import { bucketFraction } from './bucket-quantile.ts';
import { estimateAll, spanOfVector } from './groups.ts';

export const histogramFraction: FunctionDefinition = whole(
  'histogram_fraction',
  'part of the observations of a histogram between two values',
  ['scalar', 'scalar', 'vector'],
  (input) => {
    const [lower, upper, vector] = input.values;
    const span = spanOfVector(input, vector);
    const series = estimateAll(input, vector, {
      classic: (buckets, step) => bucketFraction(at(lower, step), at(upper, step), buckets),
      native: (histogram, step, metric) => {
        if (Number.isNaN(histogram.sum)) input.notes.info(span, nanText(metric));
        return nativeFraction(at(lower, step), at(upper, step), histogram);
      },
      onRepair: () => undefined,
    });
    return { kind: 'vector', series: mergeSameLabels(series) };
  },
);

function at(value: Value | undefined, step: number): number {
  return value?.kind === 'scalar' ? (value.values[step] ?? Number.NaN) : Number.NaN;
}

function nanText(metric: string): string {
  const effect = 'which are excluded from all fractions';
  return `input to histogram_fraction has NaN observations, ${effect}${forMetric(metric)}`;
}
