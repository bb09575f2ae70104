import { alignMatrix, type Columns, type MatrixSeries, seriesNames } from './series.ts';
import { alignedSeconds, type ResolvedRange } from './timeRange.ts';

/** One query's answer. */
export interface MetricAnswer {
  readonly query: string;
  /** Seconds between its points. */
  readonly step: number;
  readonly series: readonly MatrixSeries[];
  readonly warnings: readonly string[];
}

export interface MetricLine {
  readonly label: string;
  readonly values: readonly (number | null)[];
}

/** The lines of a chart: the series of every query on one time axis, each with a name that tells it from the others. */
export function metricLines(
  answers: readonly MetricAnswer[],
  range: ResolvedRange,
  metric: string | undefined,
): { readonly times: readonly number[]; readonly series: readonly MetricLine[] } {
  const aligned = answers.map((answer) => alignedAnswer(answer, range));
  const series = answers.flatMap((answer, index) => {
    const names = seriesNames(answer.series);
    const prefix = answers.length > 1 ? queryName(answer.query) : '';
    return (aligned[index]?.rows ?? []).map((values, row) => ({
      label: lineLabel(prefix, names[row], metric, answer.query),
      values,
    }));
  });
  return { times: aligned[0]?.times ?? [], series };
}

function alignedAnswer({ series, step }: MetricAnswer, range: ResolvedRange): Columns {
  const { start, end } = alignedSeconds(range, step);
  return alignMatrix(series, start, end, step);
}

/** Short for a quantile (`p95`), else the query itself. */
export function queryName(query: string): string {
  const quantile = /^\s*histogram_quantile\(\s*(0?\.\d+|1)\s*,/.exec(query)?.[1];
  return quantile ? `p${Number((Number(quantile) * 100).toPrecision(6))}` : query;
}

function lineLabel(
  prefix: string,
  name: string | undefined,
  metric: string | undefined,
  query: string,
): string {
  const label = [prefix, name].filter(Boolean).join(' · ');
  return label || metric || query;
}
