import { metricName } from '@maru/query-core';
import { betweenHistograms } from '../histogram/interpolate.ts';
import type { NativeHistogram } from '../histogram/native-histogram.ts';
import { histogramNotes } from '../histogram/notes.ts';
import type { RawSeries } from '../read/raw-series.ts';
import type { VectorSelector } from '../syntax/ast.ts';
import type { EvaluationContext } from './context.ts';
import { eachSeries } from './each-series.ts';
import { type LookTimes, lookTimes } from './times.ts';
import { emptySteps, type StepSeries, type VectorValue } from './values.ts';

type SampleValue = number | NativeHistogram;

/** Each series' value at each step of a `smoothed` selector: between the samples around it, else the last one. */
export async function selectSmoothed(
  context: EvaluationContext,
  selector: VectorSelector,
): Promise<VectorValue> {
  const times = lookTimes(selector, context.grid, context.query);
  const series: StepSeries[] = [];
  await eachSeries(context, selector, (raw) => series.push(smooth(raw, times, context, selector)));
  return { kind: 'vector', series };
}

function smooth(
  raw: RawSeries,
  look: LookTimes,
  context: EvaluationContext,
  selector: VectorSelector,
): StepSeries {
  const { count } = context.grid;
  const [values, present] = [new Float64Array(count), new Uint8Array(count)];
  const histograms = emptySteps(count);
  let next = 0;
  for (let step = 0; step < count; step += 1) {
    const moment = look.firstMs + step * look.stepMs;
    while (next < raw.times.length && (raw.times[next] ?? 0) <= moment) next += 1;
    const value = valueBetween(raw, next - 1, moment, context, selector);
    if (typeof value === 'number') {
      values[step] = value;
      present[step] = 1;
    } else histograms[step] = value;
  }
  const hasHistograms = raw.histograms !== undefined;
  return {
    ...{ labels: raw.labels, dropName: false, values, present },
    histograms: hasHistograms ? histograms : undefined,
  };
}

function valueBetween(
  raw: RawSeries,
  last: number,
  moment: number,
  { settings, notes }: EvaluationContext,
  { span }: VectorSelector,
): SampleValue | undefined {
  const lookback = settings.lookbackMilliseconds;
  const [time = Number.NEGATIVE_INFINITY, nextTime = Number.POSITIVE_INFINITY] = [
    raw.times[last],
    raw.times[last + 1],
  ];
  if (time <= moment - lookback || raw.stale?.[last] === 1) return undefined;
  const first = sampleAt(raw, last);
  if (time === moment || nextTime > moment + lookback || raw.stale?.[last + 1] === 1) return first;
  const second = sampleAt(raw, last + 1);
  const part = (moment - time) / (nextTime - time);
  if (typeof first === 'number' && typeof second === 'number') return first + (second - first) * part;
  const name = raw.labels.get(metricName) ?? '';
  if (typeof first === 'number' || typeof second === 'number') {
    notes.warn(span, histogramNotes.mixedWithFloats(name));
    return undefined;
  }
  const between = betweenHistograms(first, second, part, first.resetHint !== 'gauge');
  if (between === undefined) notes.warn(span, histogramNotes.mixedSchemas(name));
  return between?.histogram;
}

function sampleAt(raw: RawSeries, index: number): SampleValue {
  return raw.histograms?.[index] ?? raw.values[index] ?? Number.NaN;
}
