import { endMs } from './metrics.ts';

/** Requests that are made at once, and how long they should take together. */
export interface BenchCase {
  readonly name: string;
  readonly goalMs: number;
  /** How many times as fast as the peer it should be; 1 where nothing is promised. */
  readonly goalRatio: number;
  /** Paths with their queries. */
  readonly requests: readonly string[];
}

const hourMs = 3_600_000;

/** The cases by which PromQL's speed is judged. */
export const queryCases: readonly BenchCase[] = [
  {
    name: 'rate by code, 10,000 series, 2 h at 60 s',
    goalMs: 200,
    goalRatio: 2.5,
    requests: [range('sum by (code) (rate(requests_total[5m]))', 2 * hourMs - 300_000)],
  },
  {
    name: '99th percentile of 10,000 buckets, 2 h at 60 s',
    goalMs: 300,
    goalRatio: 1,
    requests: [
      range('histogram_quantile(0.99, sum by (le, route) (rate(duration_bucket[5m])))', 2 * hourMs - 300_000),
    ],
  },
  {
    name: 'instant selector of 100 series',
    goalMs: 15,
    goalRatio: 1,
    requests: [
      `/api/v1/query?${new URLSearchParams({ query: 'requests_total{instance=~"i[0-9]{1,2}"}', time: String(endMs / 1000) })}`,
    ],
  },
  {
    name: '10,000 values of a label',
    goalMs: 30,
    goalRatio: 1,
    requests: [
      `/api/v1/label/instance/values?${new URLSearchParams({ 'match[]': 'requests_total', start: String(endMs / 1000 - 7200), end: String(endMs / 1000) })}`,
    ],
  },
];

/** A dashboard of 20 panels. */
export const dashboardCase: BenchCase = {
  name: 'dashboard of 20 panels, 1,000 series each, 24 h at 60 s',
  goalMs: 2000,
  goalRatio: 1,
  requests: Array.from({ length: 10 }, (_, panel) => panel).flatMap((panel) => [
    range(`sum by (code) (rate(jobs_total[${panel + 2}m]))`, 24 * hourMs - 900_000),
    range(
      `histogram_quantile(0.${90 + panel}, sum by (le, route) (rate(jobs_duration_bucket[5m])))`,
      24 * hourMs - 900_000,
    ),
  ]),
};

function range(query: string, lengthMs: number): string {
  const [start, end] = [(endMs - lengthMs) / 1000, endMs / 1000];
  return `/api/v1/query_range?${new URLSearchParams({ query, start: String(start), end: String(end), step: '60' })}`;
}
