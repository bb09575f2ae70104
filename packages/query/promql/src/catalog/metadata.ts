import { type Reader, sql } from '@maru/store';
import { maxCatalogAnswers } from './scope.ts';

/** What is known of a metric besides its samples. */
export interface MetricMetadata {
  readonly type: 'counter' | 'gauge' | 'histogram' | 'summary';
  readonly help: string;
  readonly unit: string;
}

/** What is wanted of the metadata. */
export interface MetadataRequest {
  /** Only the metric of this name. */
  readonly metric: string | undefined;
  /** At most so many metrics; 0 for all. */
  readonly limit: number;
  /** At most so many different descriptions of one metric; 0 for all. */
  readonly limitPerMetric: number;
}

interface Row {
  readonly name: string;
  readonly type: MetricMetadata['type'];
  readonly help: string;
  readonly unit: string;
}

/** Metrics by their Prometheus names (histograms and summaries without a suffix), with each description once. */
export async function findMetadata(
  reader: Reader,
  { metric, limit, limitPerMetric }: MetadataRequest,
  signal?: AbortSignal,
): Promise<ReadonlyMap<string, readonly MetricMetadata[]>> {
  const condition = metric === undefined ? sql`true` : sql`prometheus_name = ${metric}`;
  const rows = await reader.rows<Row>(
    sql`SELECT DISTINCT CAST(prometheus_name, 'String') AS name, description AS help, prometheusMainUnit(unit) AS unit,
        multiIf(metric_type = 'sum' AND is_monotonic AND temporality = 'cumulative', 'counter',
          metric_type IN ('histogram', 'exponential_histogram', 'native_histogram'), 'histogram',
          metric_type = 'summary', 'summary', 'gauge') AS type
      FROM metric_series WHERE ${condition} ORDER BY name, type, help, unit LIMIT ${maxCatalogAnswers}`,
    signal === undefined ? {} : { signal },
  );
  return grouped(rows, limit, limitPerMetric);
}

function grouped(
  rows: readonly Row[],
  limit: number,
  limitPerMetric: number,
): ReadonlyMap<string, readonly MetricMetadata[]> {
  const byName = new Map<string, MetricMetadata[]>();
  for (const { name, type, help, unit } of rows) {
    const known = byName.get(name);
    if (known === undefined && limit > 0 && byName.size >= limit) return byName;
    if (known === undefined) byName.set(name, [{ type, help, unit }]);
    else if (limitPerMetric === 0 || known.length < limitPerMetric) known.push({ type, help, unit });
  }
  return byName;
}
