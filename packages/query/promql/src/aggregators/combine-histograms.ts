import type { StepSeries } from '../evaluate/values.ts';
import type { Combined } from '../histogram/combine.ts';
import type { NativeHistogram } from '../histogram/native-histogram.ts';
import { histogramNotes } from '../histogram/notes.ts';
import type { AggregationInput, Group } from './definition.ts';

/**
 * The result of a group with that of its native histograms. At a step where numbers stand beside histograms, or
 * exponential beside custom buckets, there is none, and a warning.
 */
export function withHistograms(
  series: StepSeries,
  group: Group,
  input: AggregationInput,
  combine: (histograms: readonly NativeHistogram[]) => Combined | undefined,
): StepSeries {
  if (group.members.every((member) => member.histograms === undefined)) return series;
  const present = series.present.slice();
  const histograms = Array.from(present, (isNumber, step) => {
    const here = group.members.flatMap((member) => member.histograms?.[step] ?? []);
    if (here.length === 0) return undefined;
    present[step] = 0;
    if (isNumber === 0) return noted(combine(here), input);
    input.notes.warn(input.expressionSpan, histogramNotes.mixedInAggregation);
    return undefined;
  });
  return { ...series, present, histograms };
}

function noted(
  combined: Combined | undefined,
  { notes, expressionSpan }: AggregationInput,
): NativeHistogram | undefined {
  if (combined === undefined) notes.warn(expressionSpan, histogramNotes.mixedSchemas(''));
  if (combined?.hintsCollide === true) notes.warn(expressionSpan, histogramNotes.hintsCollide('aggregation'));
  if (combined?.wasReconciled === true) notes.info(expressionSpan, histogramNotes.reconciled('aggregation'));
  return combined?.histogram;
}
