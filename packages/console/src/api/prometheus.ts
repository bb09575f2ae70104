import { familyName, type MetricDescription } from '../model/promql.ts';
import type { MatrixSeries } from '../model/series.ts';
import { alignedSeconds, type ResolvedRange } from '../model/timeRange.ts';
import { getJson } from './http.ts';

interface Envelope<Data> {
  readonly data: Data;
  readonly warnings?: readonly string[];
}

export interface MatrixAnswer {
  readonly series: readonly MatrixSeries[];
  readonly warnings: readonly string[];
}

/** A PromQL query over the range, evaluated at every whole step. */
export async function queryRange(
  query: string,
  range: ResolvedRange,
  step: number,
  signal: AbortSignal,
): Promise<MatrixAnswer> {
  const parameters = { query, step, ...alignedSeconds(range, step) };
  const { data, warnings } = await getJson<
    Envelope<{ resultType: string; result: MatrixSeries[] | [number, string] }>
  >('/api/v1/query_range', parameters, signal);
  return {
    series: data.resultType === 'matrix' ? (data.result as MatrixSeries[]) : [],
    warnings: warnings ?? [],
  };
}

type Metadata = Readonly<Record<string, readonly { type?: string; help?: string; unit?: string }[]>>;

/** Every metric with samples in the range, a classic histogram's three series as one, by name. */
export async function fetchMetrics(
  range: ResolvedRange,
  signal: AbortSignal,
): Promise<readonly MetricDescription[]> {
  const [{ data: metadata }, names] = await Promise.all([
    getJson<Envelope<Metadata>>('/api/v1/metadata', {}, signal),
    fetchLabelValues('__name__', range, signal),
  ]);
  const histograms = new Set(
    Object.keys(metadata).filter((name) => metadata[name]?.[0]?.type === 'histogram'),
  );
  const families = new Set(names.map((name) => familyName(name, histograms)));
  return [...families].sort().map((name) => describe(name, metadata));
}

function describe(name: string, metadata: Metadata): MetricDescription {
  const known = metadata[name]?.[0];
  return { name, type: known?.type ?? 'unknown', unit: known?.unit ?? '', help: known?.help ?? '' };
}

async function fetchLabelValues(
  label: string,
  range: ResolvedRange,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const path = `/api/v1/label/${encodeURIComponent(label)}/values`;
  const { data } = await getJson<Envelope<string[]>>(path, alignedSeconds(range, 1), signal);
  return data;
}

/** The labels of the series that the selector matches, without the metric's name and a histogram's bounds. */
export async function fetchLabelNames(
  selector: string,
  range: ResolvedRange,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const parameters = { 'match[]': selector, ...alignedSeconds(range, 1) };
  const { data } = await getJson<Envelope<string[]>>('/api/v1/labels', parameters, signal);
  return data.filter((label) => label !== '__name__' && label !== 'le');
}
