import type { NativeHistogram } from '../histogram/native-histogram.ts';
import type { RawSeries } from '../read/raw-series.ts';
import type { MatrixSelector, Subquery } from '../syntax/ast.ts';
import type { EvaluationContext } from './context.ts';
import { positiveDurationMs } from './duration.ts';
import { eachSeries } from './each-series.ts';
import type { RangeSource } from './over-time.ts';
import { lookTimes } from './times.ts';
import {
  type MatrixValue,
  type RangeHistograms,
  type RangeSeries,
  type StepGrid,
  type StepHistograms,
  type StepSeries,
  stepTime,
  type VectorValue,
  type Windows,
} from './values.ts';

/** The series of a range selector, all at once, with the window of each step. */
export async function selectRange(context: EvaluationContext, matrix: MatrixSelector): Promise<MatrixValue> {
  const series: RangeSeries[] = [];
  await eachSeries(context, matrix.selector, (raw) => {
    context.budget.addSamples(raw.times.length);
    series.push(
      withoutStaleMarkers({
        ...raw,
        times: raw.times.slice(),
        values: raw.values.slice(),
        starts: raw.starts?.slice(),
      }),
    );
  });
  return { kind: 'matrix', series, windows: rangeWindows(context, matrix) };
}

/** The series of a range selector as they are read. */
export function rangeSource(context: EvaluationContext, matrix: MatrixSelector): RangeSource {
  return {
    windows: rangeWindows(context, matrix),
    each: (use) => eachSeries(context, matrix.selector, (raw) => use(withoutStaleMarkers(raw))),
  };
}

/** The windows of a range selector. */
function rangeWindows(context: EvaluationContext, { selector, range }: MatrixSelector): Windows {
  const look = lookTimes(selector, context.grid, context.query);
  const rangeMs = positiveDurationMs(range, context.query);
  const { rangeMode } = selector;
  const lookbackMs = context.settings.lookbackMilliseconds;
  const extension = rangeMode === undefined ? undefined : { mode: rangeMode, lookbackMs };
  return { firstEndMs: look.firstMs, stepMs: look.stepMs, rangeMs, extension };
}

function withoutStaleMarkers(raw: RawSeries): RangeSeries {
  const { labels, nameless, isDelta, stale, starts, histograms } = raw;
  const identity = { labels, nameless, isDelta, dropName: false };
  if (stale === undefined && histograms === undefined) {
    return { ...identity, times: raw.times, values: raw.values, shape: raw.shape, starts };
  }
  const isKept = (_: number, index: number) => stale?.[index] !== 1 && histograms?.[index] === undefined;
  return {
    ...identity,
    times: raw.times.filter(isKept),
    values: raw.values.filter(isKept),
    starts: starts?.filter(isKept),
    histograms: histograms === undefined ? undefined : rangeHistograms(raw.times, histograms, starts),
  };
}

function rangeHistograms(
  times: Float64Array,
  histograms: StepHistograms,
  starts?: Float64Array,
): RangeHistograms {
  const places = [...histograms.keys()].filter((index) => histograms[index] !== undefined);
  return {
    times: Float64Array.from(places, (index) => times[index] ?? 0),
    samples: histograms.filter((one) => one !== undefined),
    starts: starts && Float64Array.from(places, (index) => starts[index] ?? 0),
  };
}

/** The result of a subquery's inside, taken as samples. */
export function rangeOfSubquery(
  context: EvaluationContext,
  subquery: Subquery,
  inside: VectorValue,
  insideGrid: StepGrid,
): MatrixValue {
  const look = lookTimes(subquery, context.grid, context.query);
  const rangeMs = positiveDurationMs(subquery.range, context.query);
  const series = inside.series.map((one) => samplesOf(one, insideGrid));
  return { kind: 'matrix', series, windows: { firstEndMs: look.firstMs, stepMs: look.stepMs, rangeMs } };
}

function samplesOf(series: StepSeries, grid: StepGrid): RangeSeries {
  const count = series.present.reduce((sum, present) => sum + present, 0);
  const times = new Float64Array(count);
  const values = new Float64Array(count);
  let next = 0;
  for (let step = 0; step < grid.count; step += 1) {
    if (series.present[step] === 0) continue;
    times[next] = stepTime(grid, step);
    values[next] = series.values[step] ?? Number.NaN;
    next += 1;
  }
  const { labels, dropName } = series;
  const histograms = series.histograms?.map((one) => one && withoutHint(one));
  const stepTimes = Float64Array.from({ length: grid.count }, (_, step) => stepTime(grid, step));
  return {
    ...{ labels, dropName, times, values, isDelta: false },
    histograms: histograms === undefined ? undefined : rangeHistograms(stepTimes, histograms),
  };
}

/** A subquery may have stepped over samples, so what was known about resets between neighbours is no more. */
function withoutHint(histogram: NativeHistogram): NativeHistogram {
  return histogram.resetHint === 'gauge' ? histogram : { ...histogram, resetHint: 'unknown' };
}
