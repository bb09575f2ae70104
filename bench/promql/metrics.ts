/** A metric of the benchmark: the same series and samples go into the store and into the peer. */
export interface BenchMetric {
  readonly name: string;
  /** How the series differ: counters by `code` and `instance`, buckets by `le`, `route` and `instance`. */
  readonly kind: 'counter' | 'bucket';
  readonly series: number;
  /** Samples a series, the first at one step after `endMs - samples * stepMs`. */
  readonly samples: number;
}

/** Between two samples. */
export const stepMs: number = 15_000;

/** The last sample's time: a whole day, so that all of a day's samples lie in one partition. */
export const endMs: number = Date.UTC(2026, 0, 2);

/** Two hours of 10,000 series, for single queries. */
export function queryMetrics(series: number): readonly BenchMetric[] {
  return [
    { name: 'requests_total', kind: 'counter', series, samples: 480 },
    { name: 'duration_bucket', kind: 'bucket', series, samples: 480 },
  ];
}

/** A day of 1,000 series each, for a dashboard. */
export const dashboardMetrics: readonly BenchMetric[] = [
  { name: 'jobs_total', kind: 'counter', series: 1000, samples: 5760 },
  { name: 'jobs_duration_bucket', kind: 'bucket', series: 1000, samples: 5760 },
];

/** The labels of a series without its name; `fill.ts` says the same in SQL. */
export function labelsOf({ kind }: BenchMetric, index: number): Readonly<Record<string, string>> {
  if (kind === 'counter') return { code: String(200 + (index % 5)), instance: `i${index}` };
  const histogram = Math.floor(index / 10);
  const le = index % 10 === 9 ? '+Inf' : String((index % 10) + 1);
  return { instance: `i${histogram}`, le, route: String(histogram % 20) };
}

/** The value of a series' sample, both counted from 0: whole numbers that grow; higher buckets grow faster. */
export function sampleValue(series: number, sample: number): number {
  return (sample + 1) * (1 + (series % 10)) + ((series * 13 + sample * 7) % 2);
}
