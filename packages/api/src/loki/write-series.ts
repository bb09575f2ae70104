import { type Series, type Steps, stepUnixNano, type Value } from '@maru/logql';
import { printFloat } from '@maru/query-core';
import { labelsJson } from './write-streams.ts';

/** A metric query's result over a range. A number over a range is a series without labels. */
export function matrixData(value: Value, steps: Steps): string {
  const series = value.kind === 'vector' ? value.series : [{ labels: new Map(), values: value.values }];
  return `{"resultType":"matrix","result":[${series.map((each) => matrixJson(each, steps)).join(',')}],"stats":{}}`;
}

function matrixJson({ labels, values }: Series, steps: Steps): string {
  const points: string[] = [];
  for (const [step, value] of values.entries()) {
    if (!Number.isNaN(value)) points.push(point(stepUnixNano(steps, step), value));
  }
  return `{"metric":${labelsJson(labels)},"values":[${points.join(',')}]}`;
}

/** A metric query's result at one time. */
export function instantData(value: Value, unixNano: bigint): string {
  if (value.kind === 'scalar')
    return `{"resultType":"scalar","result":${point(unixNano, value.values[0] ?? Number.NaN)},"stats":{}}`;
  return vectorData(value.series, unixNano);
}

/** Series of one value each, as a vector. */
export function vectorData(series: readonly Series[], unixNano: bigint): string {
  const result = series
    .filter(({ values }) => !Number.isNaN(values[0] ?? Number.NaN))
    .map(
      ({ labels, values }) => `{"metric":${labelsJson(labels)},"value":${point(unixNano, values[0] ?? 0)}}`,
    );
  return `{"resultType":"vector","result":[${result.join(',')}],"stats":{}}`;
}

/** Seconds with up to three decimals, and the value as Go prints it. */
function point(unixNano: bigint, value: number): string {
  return `[${Number(unixNano / 1_000_000n) / 1000},"${printFloat(value)}"]`;
}
