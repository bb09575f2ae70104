import { quoted } from './quote.ts';

/** A metric as `/api/v1/metadata` describes it. */
export interface MetricDescription {
  readonly name: string;
  /** `counter`, `gauge`, `histogram`, `summary` or `unknown`. */
  readonly type: string;
  readonly unit: string;
  readonly help: string;
}

const plainName = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;
const plainLabel = /^[a-zA-Z_][a-zA-Z0-9_]*$/;

/** A selector of a metric; names outside Prometheus's old alphabet are quoted, as Prometheus 3 reads them. */
export function selector(metric: string, matchers: Readonly<Record<string, string>> = {}): string {
  const terms = Object.entries(matchers).map(([label, value]) => `${labelName(label)}=${quoted(value)}`);
  if (!plainName.test(metric)) return `{${[quoted(metric), ...terms].join(', ')}}`;
  return terms.length === 0 ? metric : `${metric}{${terms.join(', ')}}`;
}

function labelName(label: string): string {
  return plainLabel.test(label) ? label : quoted(label);
}

/**
 * The window of `rate`, in seconds: three minutes, because the OpenTelemetry SDKs export every 60 s by default and a
 * rate needs two samples even when one comes late; never less than two steps, so that no sample falls between windows.
 */
export function rateWindowSeconds(stepSeconds: number): number {
  return Math.max(180, 2 * stepSeconds);
}

/**
 * The queries that show a metric for what it is: the rate of a counter, three quantiles of a histogram, a gauge as it
 * stands (its sum when grouped).
 */
export function firstQueries(
  metric: MetricDescription,
  by: readonly string[],
  stepSeconds: number,
): readonly string[] {
  const window = `[${durationText(rateWindowSeconds(stepSeconds))}]`;
  if (metric.type === 'histogram') return quantileQueries(metric.name, by, window);
  if (metric.type === 'counter') return [`sum${grouping(by)} (rate(${selector(metric.name)}${window}))`];
  return [by.length === 0 ? selector(metric.name) : `sum${grouping(by)} (${selector(metric.name)})`];
}

function quantileQueries(name: string, by: readonly string[], window: string): readonly string[] {
  const buckets = `sum${grouping(['le', ...by])} (rate(${selector(`${name}_bucket`)}${window}))`;
  return ['0.5', '0.95', '0.99'].map((quantile) => `histogram_quantile(${quantile}, ${buckets})`);
}

function grouping(by: readonly string[]): string {
  return by.length === 0 ? '' : ` by (${by.map(labelName).join(', ')})`;
}

function durationText(seconds: number): string {
  return seconds % 60 === 0 ? `${seconds / 60}m` : `${seconds}s`;
}

/** The metric that a stored series name belongs to: a classic histogram's three series are one metric. */
export function familyName(seriesName: string, histograms: ReadonlySet<string>): string {
  const family = seriesName.replace(/_(?:bucket|count|sum)$/, '');
  return histograms.has(family) ? family : seriesName;
}

/** The unit of a metric's shown values: what the metadata says, else what the name ends with; a rate is per second. */
export function unitOf(metric: Pick<MetricDescription, 'name' | 'unit' | 'type'>): string {
  const base = metric.unit || unitFromName(metric.name);
  if (metric.type !== 'counter') return base;
  return base === '' || base === '1' ? '/s' : `${base}/s`;
}

function unitFromName(name: string): string {
  const match = /_(seconds|milliseconds|bytes|ratio|percent)(?:_total|_bucket|_sum)?$/.exec(name);
  return match?.[1] ?? '';
}
