import { printFloat, QueryError, quoteText, type Span, withLabel } from '@maru/query-core';
import { mergeSameLabels } from '../../evaluate/names.ts';
import type { StepSeries, Value } from '../../evaluate/values.ts';
import { nativeQuantile } from '../../histogram/estimate.ts';
import type { NativeHistogram } from '../../histogram/native-histogram.ts';
import { type CallInput, type FunctionDefinition, whole } from '../definition.ts';
import { textOf } from '../label/arguments.ts';
import { forMetric } from '../metric-note.ts';
import { quantileWarning } from '../quantile.ts';
import { bucketQuantile } from './bucket-quantile.ts';
import { estimateAll, spanOfVector } from './groups.ts';

export const histogramQuantile: FunctionDefinition = whole(
  'histogram_quantile',
  'quantile (0 to 1) of a histogram; classic buckets are told apart by their label le',
  ['scalar', 'vector'],
  (input) => {
    const [quantile, vector] = input.values;
    const series = quantilesOf(input, vector, scalars(quantile), input.call.arguments[0]?.span);
    return { kind: 'vector', series: mergeSameLabels(series) };
  },
);

export const histogramQuantiles: FunctionDefinition = whole(
  'histogram_quantiles',
  'several quantiles of a histogram, told apart by a label of that name',
  ['vector', 'string', 'scalar'],
  (input) => {
    const [vector, label, ...quantiles] = input.values;
    const name = textOf(label);
    if (name === '' || !name.isWellFormed()) {
      throw new QueryError('execution', `invalid label name ${quoteText(name)}`);
    }
    const series = quantiles.flatMap((quantile, index) => {
      const text = quantileLabel(scalars(quantile)[0] ?? Number.NaN);
      const span = input.call.arguments[index + 2]?.span;
      return quantilesOf(input, vector, scalars(quantile), span).map((one) => ({
        ...one,
        labels: withLabel(one.labels, name, text),
      }));
    });
    return { kind: 'vector', series: mergeSameLabels(series) };
  },
  { isVariadic: true, isExperimental: true },
);

/** A float as OpenMetrics writes one: whole numbers have a decimal too. */
function quantileLabel(quantile: number): string {
  return Number.isInteger(quantile) ? `${quantile}.0` : printFloat(quantile);
}

function scalars(value: Value | undefined): Float64Array {
  return value?.kind === 'scalar' ? value.values : new Float64Array();
}

function quantilesOf(
  input: CallInput,
  vector: Value | undefined,
  quantiles: Float64Array,
  quantileSpan: Span = input.call.span,
): readonly StepSeries[] {
  for (const quantile of quantiles) {
    const warning = quantileWarning(quantile);
    if (warning !== undefined) input.notes.warn(quantileSpan, warning);
  }
  const span = spanOfVector(input, vector);
  const quantileAt = (step: number) => quantiles[step] ?? Number.NaN;
  return estimateAll(input, vector, {
    classic: (buckets, step) => bucketQuantile(quantileAt(step), buckets),
    native: (histogram, step, metric) => notedQuantile(quantileAt(step), histogram, metric, span, input),
    onRepair: (metric) => input.notes.info(span, repairText(metric)),
  });
}

function notedQuantile(
  quantile: number,
  histogram: NativeHistogram,
  metric: string,
  span: Span,
  { notes }: CallInput,
): number {
  const { value, nanEffect } = nativeQuantile(quantile, histogram);
  if (nanEffect !== 'none') {
    const effect = nanEffect === 'isNaN' ? 'result is NaN' : 'result is skewed higher';
    notes.info(span, `input to histogram_quantile has NaN observations, ${effect}${forMetric(metric)}`);
  }
  return value;
}

function repairText(metric: string): string {
  const hint = '(see https://prometheus.io/docs/prometheus/latest/querying/functions/#histogram_quantile)';
  return `input to histogram_quantile needed to be fixed for monotonicity ${hint}${forMetric(metric)}`;
}
