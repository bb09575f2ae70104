import { printDuration } from '@maru/query-core/duration';
import type { JobLoops } from './job-loops.ts';
import type { TargetLoop } from './target-loop.ts';

/** The data of Prometheus's `GET /api/v1/targets`. */
export interface TargetsReport {
  readonly activeTargets: readonly ActiveTarget[];
  readonly droppedTargets: readonly { readonly discoveredLabels: TextMap; readonly scrapePool: string }[];
  readonly droppedTargetCounts: Readonly<Record<string, number>>;
}

type TextMap = Readonly<Record<string, string>>;

export interface ActiveTarget {
  readonly discoveredLabels: TextMap;
  readonly labels: TextMap;
  readonly scrapePool: string;
  readonly scrapeUrl: string;
  readonly globalUrl: string;
  readonly lastError: string;
  readonly lastScrape: string;
  readonly lastScrapeDuration: number;
  readonly health: 'unknown' | 'up' | 'down';
  readonly scrapeInterval: string;
  readonly scrapeTimeout: string;
}

/** Go's time of the year 1, which Prometheus answers before the first scrape. */
const never = '0001-01-01T00:00:00Z';

export function targetsReport(jobs: readonly JobLoops[]): TargetsReport {
  return {
    activeTargets: jobs.flatMap(({ job, loops }) => loops.map((loop) => activeTarget(job.name, loop))),
    droppedTargets: jobs.flatMap(({ job, dropped }) =>
      dropped.map((labels) => ({ discoveredLabels: textMap(labels), scrapePool: job.name })),
    ),
    droppedTargetCounts: Object.fromEntries(jobs.map(({ job, droppedCount }) => [job.name, droppedCount])),
  };
}

function activeTarget(scrapePool: string, { target, health }: TargetLoop): ActiveTarget {
  const { lastScrapeUnixMs } = health;
  return {
    discoveredLabels: textMap(target.discovered),
    labels: textMap(target.labels),
    scrapePool,
    scrapeUrl: target.url,
    globalUrl: target.url,
    lastError: health.lastError,
    lastScrape: lastScrapeUnixMs === undefined ? never : new Date(lastScrapeUnixMs).toISOString(),
    lastScrapeDuration: health.lastDurationSeconds,
    health: health.health,
    scrapeInterval: printDuration(target.intervalMs),
    scrapeTimeout: printDuration(target.timeoutMs),
  };
}

/** Without a prototype, so that a label named `__proto__` is one like any other. */
function textMap(labels: ReadonlyMap<string, string>): TextMap {
  return Object.assign(Object.create(null), Object.fromEntries(labels));
}
