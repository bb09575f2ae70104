/** The last sample's time. */
export const endMs: number = 2 * 3600 * 1000;

/** A query and the time it should take at most. */
export interface BenchQuery {
  readonly text: string;
  /** 0 for an instant query. */
  readonly stepMs: number;
  readonly goalMs: number;
}

export const queries: readonly BenchQuery[] = [
  { text: 'sum by (code) (rate(requests_total[5m]))', stepMs: 60_000, goalMs: 200 },
  {
    text: 'histogram_quantile(0.99, sum by (le, route) (rate(duration_bucket[5m])))',
    stepMs: 60_000,
    goalMs: 300,
  },
  { text: 'requests_total{instance=~"i[0-9]{1,2}"}', stepMs: 0, goalMs: 15 },
];
