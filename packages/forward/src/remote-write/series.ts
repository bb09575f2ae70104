import type { LabelPair } from '@maru/otlp/prometheus';

/** A series with what is written of it. */
export interface WriteSeries {
  /** Sorted by name, `__name__` among them. */
  readonly labels: readonly LabelPair[];
  readonly metadata: SeriesMetadata;
  readonly samples: readonly WriteSample[];
  readonly histograms: readonly WriteHistogram[];
  readonly exemplars: readonly WriteExemplar[];
}

/** What is told of a metric beside its samples. */
export interface SeriesMetadata {
  /** The name without the suffixes of a histogram's or summary's series. */
  readonly family: string;
  readonly type: MetricType;
  readonly help: string;
  readonly unit: string;
}

export type MetricType = 'unknown' | 'counter' | 'gauge' | 'histogram' | 'summary';

export interface WriteSample {
  readonly timeMs: number;
  /** When the counter began; 0 when unknown. */
  readonly startMs: number;
  /** The eight bytes of a double: a stale marker is a NaN that only they tell from others. */
  readonly value: Uint8Array;
}

export interface WriteExemplar {
  readonly labels: readonly LabelPair[];
  readonly timeMs: number;
  readonly value: Uint8Array;
}

/** A native histogram by Prometheus's buckets. */
export interface WriteHistogram {
  readonly timeMs: number;
  readonly startMs: number;
  /** Whether its counts need not be whole; they are written as doubles then. */
  readonly isFloat: boolean;
  readonly count: number;
  readonly sum: Uint8Array;
  readonly schema: number;
  readonly zeroThreshold: number;
  readonly zeroCount: number;
  readonly positive: readonly Bucket[];
  readonly negative: readonly Bucket[];
  /** Upper bounds of schema -53, without +Inf. */
  readonly customBounds: readonly number[];
  /** Prometheus's number: 0 unknown, 1 a reset, 2 none, 3 a gauge. */
  readonly resetHint: number;
}

/** A populated bucket. They stand in ascending order of their indexes. */
export type Bucket = readonly [index: number, count: number];

interface OpenSeries extends WriteSeries {
  readonly samples: WriteSample[];
  readonly histograms: WriteHistogram[];
  readonly exemplars: WriteExemplar[];
}

/** The series of one write request, each once. */
export class SeriesSet {
  readonly #byLabels: Map<string, OpenSeries> = new Map();

  /** The series of these labels, to add to. */
  of(labels: readonly LabelPair[], metadata: SeriesMetadata): OpenSeries {
    const key = JSON.stringify(labels);
    const known = this.#byLabels.get(key);
    if (known !== undefined) return known;
    const series: OpenSeries = { labels, metadata, samples: [], histograms: [], exemplars: [] };
    this.#byLabels.set(key, series);
    return series;
  }

  /** In order of time, as receivers want it; of those with the same time the last one counts, as in queries. */
  finished(): readonly WriteSeries[] {
    return [...this.#byLabels.values()].map((series) => ({
      ...series,
      samples: inOrder(series.samples),
      histograms: inOrder(series.histograms),
      exemplars: series.exemplars.toSorted((left, right) => left.timeMs - right.timeMs),
    }));
  }
}

function inOrder<T extends { readonly timeMs: number }>(points: readonly T[]): readonly T[] {
  if (points.length < 2) return points;
  const sorted = points.toSorted((left, right) => left.timeMs - right.timeMs);
  return sorted.filter((point, index) => point.timeMs !== sorted[index + 1]?.timeMs);
}
