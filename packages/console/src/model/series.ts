/** A series of a matrix answer: Prometheus's and Loki's shape. */
export interface MatrixSeries {
  readonly metric: Readonly<Record<string, string>>;
  /** Seconds since 1970, and the value as text (`1.5`, `NaN`, `+Inf`). */
  readonly values?: readonly (readonly [number, string])[];
}

/** Series on one time axis, as a chart draws them. */
export interface Columns {
  /** Seconds since 1970, ascending, one step apart. */
  readonly times: readonly number[];
  /** One row per series; null where it has no sample. */
  readonly rows: readonly (readonly (number | null)[])[];
}

/** The values of every series on the grid from `start` to `end` (seconds, both included). */
export function alignMatrix(
  series: readonly MatrixSeries[],
  start: number,
  end: number,
  step: number,
): Columns {
  const length = Math.max(0, Math.floor((end - start) / step) + 1);
  const times = Array.from({ length }, (_, index) => start + index * step);
  return { times, rows: series.map(({ values }) => rowOf(values ?? [], start, step, length)) };
}

function rowOf(
  values: readonly (readonly [number, string])[],
  start: number,
  step: number,
  length: number,
): readonly (number | null)[] {
  const row = new Array<number | null>(length).fill(null);
  for (const [time, text] of values) {
    const index = Math.round((time - start) / step);
    if (index >= 0 && index < length) row[index] = sampleValue(text);
  }
  return row;
}

/** A sample as a number; what has no place on an axis (NaN, infinities) is a gap. */
function sampleValue(text: string): number | null {
  const value = Number(text);
  return Number.isFinite(value) ? value : null;
}

/** Each row raised by those before it, gaps as zero: the last row is the total. */
export function stacked(rows: readonly (readonly (number | null)[])[]): readonly (readonly number[])[] {
  let below: readonly number[] = [];
  return rows.map((row) => {
    const under = below;
    below = row.map((value, index) => (value ?? 0) + (under[index] ?? 0));
    return below;
  });
}

/** A series' name in the legend: the labels that the chart's series do not all share, else the metric's name. */
export function seriesNames(series: readonly MatrixSeries[]): readonly string[] {
  const shared = sharedLabels(series);
  return series.map(({ metric }) => {
    const own = Object.entries(metric).filter(([label]) => label !== '__name__' && !shared.has(label));
    if (own.length === 1 && own[0]) return own[0][1] || '–';
    if (own.length > 1) return own.map(([label, value]) => `${label}=${value}`).join(', ');
    return metric.__name__ ?? '';
  });
}

function sharedLabels(series: readonly MatrixSeries[]): ReadonlySet<string> {
  const [first, ...others] = series;
  if (!first || others.length === 0) return new Set();
  const labels = Object.entries(first.metric);
  return new Set(
    labels
      .filter(([label, value]) => others.every((other) => other.metric[label] === value))
      .map(([label]) => label),
  );
}
