import type { Point, SeriesLine } from '@maru/promql';
import { printHistogram } from '@maru/promql';
import { labelsKey, printLabels } from '@maru/query-core';
import { isAlmostEqual } from './almost-equal.ts';
import type { EvalCommand, Expectation } from './script.ts';
import type { AnswerSeries, AnswerValue, HistogramComparison } from './target.ts';

/** Why a result is not the expected one; `undefined` when it is. */
export function compareResult<H>(
  command: EvalCommand,
  value: AnswerValue<H>,
  histograms: HistogramComparison<H>,
): string | undefined {
  const { expected } = command;
  if (expected.text !== undefined) {
    return value.type === 'string' && value.value === expected.text ? undefined : `got ${value.type}`;
  }
  if (expected.scalar !== undefined) {
    if (value.type !== 'scalar') return `expected a scalar, got ${value.type}`;
    return isAlmostEqual(value.value, expected.scalar)
      ? undefined
      : `expected ${expected.scalar}, got ${value.value}`;
  }
  if (value.type === 'scalar' || value.type === 'string') return `expected series, got ${value.type}`;
  return compareSeries(command, value.series, histograms);
}

function compareSeries<H>(
  command: EvalCommand,
  got: readonly AnswerSeries<H>[],
  histograms: HistogramComparison<H>,
): string | undefined {
  const { expected } = command;
  const byKey = new Map(got.map((series) => [labelsKey(series.labels), series]));
  const wanted = expected.series
    .map((line) => ({ line, samples: samplesOf(command, line) }))
    .filter(hasSamples);
  for (const { line, samples } of wanted) {
    const series = byKey.get(labelsKey(line.labels));
    if (series === undefined)
      return `no series ${printLabels(line.labels)}; got ${describe(got, histograms)}`;
    const difference = compareSamples(series, samples, histograms);
    if (difference !== undefined) return `${printLabels(line.labels)}: ${difference}`;
  }
  if (wanted.length < got.length)
    return `${got.length - wanted.length} series too many: ${describe(got, histograms)}`;
  return expected.isOrdered ? compareOrder(expected, got) : undefined;
}

function hasSamples({ samples }: { readonly samples: readonly Sample[] }): boolean {
  return samples.length > 0;
}

interface Sample {
  readonly time: number;
  readonly point: Point;
}

function samplesOf(command: EvalCommand, line: SeriesLine): readonly Sample[] {
  const { startMs, stepMs } = command.expected.range ?? command;
  return line.points
    .map((point, index) => ({ time: startMs + index * stepMs, point }))
    .filter(({ point }) => point !== 'none');
}

function compareSamples<H>(
  series: AnswerSeries<H>,
  samples: readonly Sample[],
  histograms: HistogramComparison<H>,
): string | undefined {
  const got = gotSamples(series);
  if (got.length !== samples.length) {
    return `expected ${samples.length} samples, got ${got.length}: ${describeSeries(series, histograms)}`;
  }
  for (const [index, { time, point }] of samples.entries()) {
    const sample = got[index];
    if (sample?.time !== time) return `expected a sample at ${time} ms, got one at ${sample?.time} ms`;
    const difference = comparePoint(sample.value, point, histograms);
    if (difference !== undefined) return `at ${time} ms ${difference}`;
  }
  return undefined;
}

interface GotSample<H> {
  readonly time: number;
  readonly value: GotValue<H>;
}

type GotValue<H> = { readonly number: number } | { readonly histogram: H };

function gotSamples<H>({ times, values, histograms }: AnswerSeries<H>): readonly GotSample<H>[] {
  const numbers = Array.from(times, (time, index) => ({
    time,
    value: { number: values[index] ?? Number.NaN },
  }));
  const natives = Array.from(histograms?.times ?? [], (time, index) => {
    const histogram = histograms?.samples[index];
    return { time, value: histogram === undefined ? { number: Number.NaN } : { histogram } };
  });
  return [...numbers, ...natives].sort((left, right) => left.time - right.time);
}

function comparePoint<H>(
  got: GotValue<H>,
  wanted: Point,
  histograms: HistogramComparison<H>,
): string | undefined {
  const shown = printValue(got, histograms);
  if (typeof wanted === 'number') {
    if ('histogram' in got) return `expected ${wanted}, got ${shown}`;
    return isAlmostEqual(got.number, wanted) ? undefined : `expected ${wanted}, got ${shown}`;
  }
  if (typeof wanted !== 'object') return `expected ${wanted}, got a sample`;
  if ('number' in got) return `expected ${printHistogram(wanted.histogram)}, got ${shown}`;
  return histograms.difference(got.histogram, wanted);
}

function printValue<H>(value: GotValue<H>, histograms: HistogramComparison<H>): string {
  return 'number' in value ? String(value.number) : histograms.print(value.histogram);
}

function compareOrder<H>(expected: Expectation, got: readonly AnswerSeries<H>[]): string | undefined {
  const place = expected.series.findIndex(
    (line, index) => labelsKey(line.labels) !== labelsKey(got[index]?.labels ?? new Map()),
  );
  return place === -1 ? undefined : `wrong order from place ${place + 1} on`;
}

function describe<H>(got: readonly AnswerSeries<H>[], histograms: HistogramComparison<H>): string {
  const shown = got
    .slice(0, 4)
    .map((series) => `${printLabels(series.labels)} ${describeSeries(series, histograms)}`);
  return shown.length === 0 ? 'none' : shown.join('; ');
}

function describeSeries<H>(series: AnswerSeries<H>, histograms: HistogramComparison<H>): string {
  const samples = gotSamples(series).slice(0, 6);
  return samples.map(({ value }) => printValue(value, histograms)).join(' ');
}
