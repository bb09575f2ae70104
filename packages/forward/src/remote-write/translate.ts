import type { DropReason } from '@maru/ledger';
import { double } from '@maru/otlp';
import {
  type LabelPair,
  SeriesLabels,
  type SeriesNaming,
  translatedName,
  verbatimLabels,
} from '@maru/otlp/prometheus';
import { readAttributes } from '../model/attributes.ts';
import { type Field, fixed64Of, readFields, textOf, varintOf } from '../model/fields.ts';
import { type MetricPoints, pointsOf, type ResourceGroup, readTelemetry } from '../model/telemetry.ts';
import type { RemoteWriteSettings } from '../settings.ts';
import { textAttributes } from './attribute-text.ts';
import { addHistogram, addSummary } from './histograms.ts';
import { addExponential, addNative, isTooCoarse } from './native-histograms.ts';
import { addNumber } from './numbers.ts';
import { named, type PrometheusMetric } from './point.ts';
import { type MetricType, SeriesSet, type WriteSeries } from './series.ts';

/** What metrics become, and what of them has no place in remote write. */
export interface Translated {
  readonly series: readonly WriteSeries[];
  /** Points by why they are not among the series. */
  readonly skipped: Readonly<Partial<Record<DropReason, number>>>;
  /** When each resource was last heard of, of those that have a `target_info` among the series. */
  readonly targets: ReadonlyMap<string, number>;
}

export interface TranslateOptions {
  readonly naming: SeriesNaming;
  readonly remoteWrite: RemoteWriteSettings;
  /** When a resource's `target_info` was last written, in milliseconds; long ago when it never was. */
  readonly targetSeenMs: (resource: string) => number;
}

/** Journaled metrics requests as the series that queries here show of them. */
export function translate(requests: readonly Uint8Array[], options: TranslateOptions): Translated {
  const translation = new Translation(options);
  for (const request of requests)
    for (const group of readTelemetry(request).resources) translation.add(group);
  return translation.finished();
}

type Kind = 'number' | 'histogram' | 'exponential' | 'summary' | 'native';

/** By the number of the metric's data field. */
const kinds: Readonly<Record<number, Kind>> = {
  5: 'number',
  7: 'number',
  9: 'histogram',
  10: 'exponential',
  11: 'summary',
  29: 'native',
};

const adders: Readonly<Record<Kind, (point: readonly Field[], metric: PrometheusMetric) => void>> = {
  number: addNumber,
  histogram: addHistogram,
  exponential: addExponential,
  summary: addSummary,
  native: addNative,
};

const deltaTemporality = 1;
const cumulativeTemporality = 2;
const [gaugeField, sumField] = [5, 7];

class Translation {
  readonly #options: TranslateOptions;
  readonly #series: SeriesSet = new SeriesSet();
  readonly #skipped: Partial<Record<DropReason, number>> = {};
  readonly #targets: Map<string, number> = new Map();

  constructor(options: TranslateOptions) {
    this.#options = options;
  }

  finished(): Translated {
    return { series: this.#series.finished(), skipped: this.#skipped, targets: this.#targets };
  }

  add({ resource, scopes }: ResourceGroup): void {
    const attributes = textAttributes(readAttributes(readFields(resource), 1));
    const labels = new SeriesLabels(this.#options.naming, attributes);
    let latestMs = 0;
    for (const { items } of scopes)
      for (const item of items) latestMs = Math.max(latestMs, this.#metric(item, labels));
    const target = labels.target(attributes);
    if (target !== undefined && latestMs > 0 && this.#options.remoteWrite.targetInfo)
      this.#target(target, latestMs);
  }

  /** Adds a metric's points; gives when the latest of them is. */
  #metric(item: Uint8Array, labels: SeriesLabels): number {
    const data = pointsOf(item);
    const kind = data && kinds[data.kind];
    if (data === undefined || kind === undefined) return 0;
    const points = data.points.map(readFields);
    const metric = this.#prometheusMetric(readFields(item), data, labels);
    const rest = readFields(data.rest);
    for (const point of points) {
      const reason = this.#skipReason(kind, point, varintOf(rest, 2));
      if (reason === undefined) adders[kind](point, metric);
      else this.#skipped[reason] = (this.#skipped[reason] ?? 0) + 1;
    }
    return points.reduce((latest, point) => Math.max(latest, Number(fixed64Of(point, 3) / 1_000_000n)), 0);
  }

  #skipReason(kind: Kind, point: readonly Field[], temporality: number): DropReason | undefined {
    if (temporality === deltaTemporality && kind !== 'summary' && kind !== 'native') return 'delta';
    const isNative = kind === 'exponential' || kind === 'native';
    if (isNative && !this.#options.remoteWrite.nativeHistograms) return 'native_histogram';
    return kind === 'exponential' && isTooCoarse(point) ? 'native_histogram' : undefined;
  }

  #prometheusMetric(item: readonly Field[], data: MetricPoints, labels: SeriesLabels): PrometheusMetric {
    const { naming, remoteWrite } = this.#options;
    const isVerbatim = varintOf(item, 28) === 1;
    const [own, help, unit] = [textOf(item, 1), textOf(item, 2), textOf(item, 3)];
    const isCounter = isCounterData(data);
    const kind = isCounter ? 'counter' : data.kind === gaugeField ? 'gauge' : 'other';
    const name = isVerbatim ? own : translatedName(naming.strategy, { name: own, unit, kind });
    const type = isVerbatim && !isCounter ? 'unknown' : typeOf(data.kind, isCounter);
    const labelsOf = (point: readonly Field[], field: number): readonly LabelPair[] => {
      const attributes = textAttributes(readAttributes(point, field));
      return this.#withExternal(isVerbatim ? verbatimLabels(attributes) : labels.of(attributes));
    };
    return {
      name,
      metadata: { family: name, type, help, unit },
      labelsOf,
      withExemplars: remoteWrite.exemplars,
      series: this.#series,
    };
  }

  /** External labels stand where a series has none of that name, as in Prometheus. */
  #withExternal(labels: readonly LabelPair[]): readonly LabelPair[] {
    const { externalLabels } = this.#options.remoteWrite;
    const own = new Set(labels.map(([name]) => name));
    return [...labels, ...Object.entries(externalLabels).filter(([name]) => !own.has(name))];
  }

  #target(labels: readonly LabelPair[], timeMs: number): void {
    const key = JSON.stringify(labels);
    const last = this.#targets.get(key) ?? this.#options.targetSeenMs(key);
    if (timeMs < last + targetIntervalMs) return;
    this.#targets.set(key, timeMs);
    const metadata = { family: 'target_info', type: 'gauge', help: 'Target metadata', unit: '' } as const;
    const series = this.#series.of(named(this.#withExternal(labels), 'target_info'), metadata);
    series.samples.push({ timeMs, startMs: 0, value: one });
  }
}

/**
 * Queries look back for five minutes, so that a `target_info` a minute is enough; and what is repeated after a crash, a second's
 * requests, then hardly ever has one that is older than the last one there, for which a receiver would refuse the request.
 */
const targetIntervalMs = 60_000;

const one = double(1);

function isCounterData({ kind, rest }: MetricPoints): boolean {
  if (kind !== sumField) return false;
  const fields = readFields(rest);
  return varintOf(fields, 2) === cumulativeTemporality && varintOf(fields, 3) === 1;
}

function typeOf(kind: number, isCounter: boolean): MetricType {
  if (isCounter) return 'counter';
  const type = kinds[kind];
  if (type === 'number') return 'gauge';
  return type === 'summary' ? 'summary' : 'histogram';
}
