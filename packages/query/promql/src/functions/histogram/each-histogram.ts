import { mergeSameLabels, withoutName } from '../../evaluate/names.ts';
import type { StepSeries } from '../../evaluate/values.ts';
import { nativeVariance } from '../../histogram/estimate.ts';
import type { NativeHistogram } from '../../histogram/native-histogram.ts';
import { type FunctionDefinition, whole } from '../definition.ts';

/** Functions of each native histogram by itself. Samples that are plain numbers give nothing, as in Prometheus. */
export const nativeHistogramFunctions: readonly FunctionDefinition[] = [
  ofHistogram('histogram_count', 'number of observations of a native histogram', ({ count }) => count),
  ofHistogram('histogram_sum', 'sum of the observations of a native histogram', ({ sum }) => sum),
  ofHistogram(
    'histogram_avg',
    'mean of the observations of a native histogram',
    ({ sum, count }) => sum / count,
  ),
  ofHistogram('histogram_stddev', 'estimated standard deviation of a native histogram', (histogram) =>
    Math.sqrt(nativeVariance(histogram)),
  ),
  ofHistogram('histogram_stdvar', 'estimated variance of a native histogram', nativeVariance),
];

function ofHistogram(
  name: string,
  summary: string,
  compute: (histogram: NativeHistogram) => number,
): FunctionDefinition {
  return whole(name, summary, ['vector'], ({ values: [vector], context }) => {
    const series = vector?.kind === 'vector' ? vector.series : [];
    const found = series.filter((one) => one.histograms !== undefined);
    return {
      kind: 'vector',
      series: mergeSameLabels(
        found.map((one) => ({ ...withoutName(one, context.settings), ...computed(one, compute) })),
      ),
    };
  });
}

function computed(
  { histograms = [], present }: StepSeries,
  compute: (histogram: NativeHistogram) => number,
): Pick<StepSeries, 'values' | 'present'> {
  const at = (step: number) => histograms[step];
  return {
    values: Float64Array.from(present, (_, step) => {
      const histogram = at(step);
      return histogram === undefined ? 0 : compute(histogram);
    }),
    present: present.map((_, step) => Number(at(step) !== undefined)),
  };
}
