import { type NativeHistogram, printHistogram, type QueryResult, type ResultSeries } from '@maru/promql';
import { labelsKey, printLabels } from '@maru/query-core';
import type { Point, SeriesLine } from './notation.ts';
import type { EvalCommand, Expectation } from './script.ts';

/** Why a result is not the expected one; `undefined` when it is. */
export function compareResult(command: EvalCommand, { value }: QueryResult): string | undefined {
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
  return compareSeries(command, value.series);
}

function compareSeries(command: EvalCommand, got: readonly ResultSeries[]): string | undefined {
  const { expected } = command;
  const byKey = new Map(got.map((series) => [labelsKey(series.labels), series]));
  const wanted = expected.series
    .map((line) => ({ line, samples: samplesOf(command, line) }))
    .filter(hasSamples);
  for (const { line, samples } of wanted) {
    const series = byKey.get(labelsKey(line.labels));
    if (series === undefined) return `no series ${printLabels(line.labels)}; got ${describe(got)}`;
    const difference = compareSamples(series, samples);
    if (difference !== undefined) return `${printLabels(line.labels)}: ${difference}`;
  }
  if (wanted.length < got.length) return `${got.length - wanted.length} series too many: ${describe(got)}`;
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

function compareSamples(series: ResultSeries, samples: readonly Sample[]): string | undefined {
  const got = gotSamples(series);
  if (got.length !== samples.length) {
    return `expected ${samples.length} samples, got ${got.length}: ${describeSeries(series)}`;
  }
  for (const [index, { time, point }] of samples.entries()) {
    const sample = got[index];
    if (sample?.time !== time) return `expected a sample at ${time} ms, got one at ${sample?.time} ms`;
    const difference = comparePoint(sample.value, point);
    if (difference !== undefined) return `at ${time} ms ${difference}`;
  }
  return undefined;
}

interface GotSample {
  readonly time: number;
  readonly value: number | NativeHistogram;
}

function gotSamples({ times, values, histograms }: ResultSeries): readonly GotSample[] {
  const numbers = Array.from(times, (time, index) => ({ time, value: values[index] ?? Number.NaN }));
  const natives = Array.from(histograms?.times ?? [], (time, index) => ({
    time,
    value: histograms?.samples[index] ?? Number.NaN,
  }));
  return [...numbers, ...natives].sort((left, right) => left.time - right.time);
}

function comparePoint(got: number | NativeHistogram, wanted: Point): string | undefined {
  if (typeof wanted === 'number') {
    if (typeof got !== 'number') return `expected ${wanted}, got ${printHistogram(got)}`;
    return isAlmostEqual(got, wanted) ? undefined : `expected ${wanted}, got ${got}`;
  }
  if (typeof wanted !== 'object') return `expected ${wanted}, got a sample`;
  const shown = `expected ${printHistogram(wanted.histogram)}`;
  if (typeof got === 'number') return `${shown}, got ${got}`;
  if (wanted.namesHint && got.resetHint !== wanted.histogram.resetHint) {
    return `expected the hint ${wanted.histogram.resetHint}, got ${got.resetHint}`;
  }
  return isAlmostEqualHistogram(got, wanted.histogram) ? undefined : `${shown}, got ${printHistogram(got)}`;
}

function isAlmostEqualHistogram(left: NativeHistogram, right: NativeHistogram): boolean {
  const lists = (histogram: NativeHistogram) => [
    [histogram.schema, histogram.count, histogram.sum, histogram.zeroCount, histogram.zeroThreshold],
    [...histogram.positive.indexes],
    [...histogram.positive.counts],
    [...histogram.negative.indexes],
    [...histogram.negative.counts],
    [...histogram.customBounds],
  ];
  const others = lists(right);
  return lists(left).every((list, place) => {
    const other = others[place] ?? [];
    return (
      list.length === other.length &&
      list.every((value, index) => isAlmostEqual(value, other[index] ?? Number.NaN))
    );
  });
}

function compareOrder(expected: Expectation, got: readonly ResultSeries[]): string | undefined {
  const place = expected.series.findIndex(
    (line, index) => labelsKey(line.labels) !== labelsKey(got[index]?.labels ?? new Map()),
  );
  return place === -1 ? undefined : `wrong order from place ${place + 1} on`;
}

function describe(got: readonly ResultSeries[]): string {
  const shown = got.slice(0, 4).map((series) => `${printLabels(series.labels)} ${describeSeries(series)}`);
  return shown.length === 0 ? 'none' : shown.join('; ');
}

function describeSeries(series: ResultSeries): string {
  const samples = gotSamples(series).slice(0, 6);
  return samples.map(({ value }) => (typeof value === 'number' ? value : printHistogram(value))).join(' ');
}

/** Equal within one millionth, Prometheus's own tolerance in these scripts; NaN equals NaN. */
function isAlmostEqual(left: number, right: number): boolean {
  if (left === right || (Number.isNaN(left) && Number.isNaN(right))) return true;
  const difference = Math.abs(left - right);
  if (left === 0 || right === 0) return difference < 1e-6 * 2.2250738585072014e-308;
  return difference / Math.min(Math.abs(left) + Math.abs(right), Number.MAX_VALUE) < 1e-6;
}
