import type { QueryResult, ResultSeries } from '@maru/promql';
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
  if (series.times.length !== samples.length) {
    return `expected ${samples.length} samples, got ${series.times.length}: ${[...series.values].join(' ')}`;
  }
  for (const [index, { time, point }] of samples.entries()) {
    const [gotTime = Number.NaN, got = Number.NaN] = [series.times[index], series.values[index]];
    if (gotTime !== time) return `expected a sample at ${time} ms, got one at ${gotTime} ms`;
    if (typeof point !== 'number') return `expected a ${point}, got ${got}`;
    if (!isAlmostEqual(got, point)) return `expected ${point} at ${time} ms, got ${got}`;
  }
  return undefined;
}

function compareOrder(expected: Expectation, got: readonly ResultSeries[]): string | undefined {
  const place = expected.series.findIndex(
    (line, index) => labelsKey(line.labels) !== labelsKey(got[index]?.labels ?? new Map()),
  );
  return place === -1 ? undefined : `wrong order from place ${place + 1} on`;
}

function describe(got: readonly ResultSeries[]): string {
  const shown = got
    .slice(0, 4)
    .map((series) => `${printLabels(series.labels)} ${[...series.values].slice(0, 6).join(' ')}`);
  return shown.length === 0 ? 'none' : shown.join('; ');
}

/** Equal within one millionth, Prometheus's own tolerance in these scripts; NaN equals NaN. */
function isAlmostEqual(left: number, right: number): boolean {
  if (left === right || (Number.isNaN(left) && Number.isNaN(right))) return true;
  const difference = Math.abs(left - right);
  if (left === 0 || right === 0) return difference < 1e-6 * 2.2250738585072014e-308;
  return difference / Math.min(Math.abs(left) + Math.abs(right), Number.MAX_VALUE) < 1e-6;
}
