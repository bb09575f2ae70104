import { Budget, defaultQueryLimits, type LabelMatcher, type Labels, labelsKey } from '@maru/query-core';
import { type Reader, sql } from '@maru/store';
import { choosePartsBy, type NamedPart } from '../read/named-parts.ts';
import { storedTime, type TimeSpan } from '../read/points.ts';
import { anySeriesCondition } from '../read/series-condition.ts';
import { readOptions, readStoredSeries, type StoredSeries } from '../read/stored-series.ts';

/** One exemplar: a measurement that can be traced. */
export interface Exemplar {
  readonly labels: ReadonlyMap<string, string>;
  readonly value: number;
  readonly timeMs: number;
}

/** The exemplars of one Prometheus series. */
export interface SeriesExemplars {
  readonly seriesLabels: Labels;
  readonly exemplars: readonly Exemplar[];
}

/** More exemplars than this help no picture; the latest are kept. */
const maxExemplars = 10_000;

interface Row {
  readonly id: string;
  readonly timeMs: number;
  readonly value: number | string;
  readonly traceId: string;
  readonly spanId: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/** The exemplars of the series that any of the selectors finds. An exemplar of a histogram belongs to its bucket. */
export async function findExemplars(
  reader: Reader,
  selectors: readonly (readonly LabelMatcher[])[],
  span: TimeSpan,
  signal?: AbortSignal,
): Promise<readonly SeriesExemplars[]> {
  const found = new Map<string, { seriesLabels: Labels; exemplars: Exemplar[] }>();
  for (const matchers of selectors) {
    for (const [labels, exemplar] of await exemplarsOf(reader, matchers, span, signal)) {
      const key = labelsKey(labels);
      const known = found.get(key) ?? { seriesLabels: labels, exemplars: [] };
      known.exemplars.push(exemplar);
      found.set(key, known);
    }
  }
  return [...found.values()];
}

async function exemplarsOf(
  reader: Reader,
  matchers: readonly LabelMatcher[],
  span: TimeSpan,
  signal: AbortSignal | undefined,
): Promise<readonly (readonly [Labels, Exemplar])[]> {
  const budget = new Budget(defaultQueryLimits, signal);
  const stored = await readStoredSeries(reader, matchers, budget);
  if (stored.size === 0) return [];
  const chooser = choosePartsBy(matchers);
  const rows = await readRows(reader, matchers, span, budget);
  return rows.flatMap((row) => {
    const series = stored.get(BigInt(row.id));
    const part =
      series === undefined ? undefined : partOf(series, chooser.parts(series, []), Number(row.value));
    return part === undefined ? [] : [[part.labels, exemplarOf(row)] as const];
  });
}

function readRows(
  reader: Reader,
  matchers: readonly LabelMatcher[],
  span: TimeSpan,
  budget: Budget,
): Promise<readonly Row[]> {
  const series = sql`SELECT series_id FROM metric_series WHERE ${anySeriesCondition(matchers)}`;
  return reader.rows<Row>(
    sql`SELECT toString(series_id) AS id, toFloat64(toUnixTimestamp64Milli(time)) AS timeMs, value,
        lower(hex(trace_id)) AS traceId, lower(hex(span_id)) AS spanId, filtered_attributes AS attributes
      FROM exemplars
      WHERE time > fromUnixTimestamp64Milli(${storedTime(span.afterMs)}, 'UTC')
        AND time <= fromUnixTimestamp64Milli(${storedTime(span.untilMs)}, 'UTC') AND series_id IN (${series})
      ORDER BY time DESC LIMIT ${maxExemplars}`,
    readOptions(budget),
  );
}

/** The part that shows the exemplar: the value itself, or the bucket that the measurement fell into. */
function partOf(series: StoredSeries, parts: readonly NamedPart[], value: number): NamedPart | undefined {
  if (series.kind !== 'histogram') return parts.find((part) => part.part === 'value');
  const found = series.bounds.findIndex((bound) => value <= bound);
  const bucket = found === -1 ? series.bounds.length : found;
  return parts.find((part) => part.part === 'bucket' && part.index === bucket);
}

function exemplarOf(row: Row): Exemplar {
  const ids = [
    ['trace_id', row.traceId],
    ['span_id', row.spanId],
  ] as const;
  const known = ids.filter(([, id]) => !/^0*$/.test(id));
  return {
    labels: new Map([...Object.entries(row.attributes), ...known]),
    value: Number(row.value),
    timeMs: row.timeMs,
  };
}
