import type { ByteBudget, Gate } from '@maru/receive';
import { seriesToOtlp, type WrittenSeries } from '@maru/receive/prometheus';
import type { ScrapeJob } from './config/job.ts';
import { JobLoops } from './scrape/job-loops.ts';
import { type TargetsReport, targetsReport } from './scrape/targets-report.ts';

export interface ScraperOptions {
  /** Takes an ExportMetricsServiceRequest of a job. Resolves when it is durable, rejects when it was not written. */
  readonly accept: (request: Uint8Array, job: ScrapeJob) => Promise<unknown>;
  /** Bytes of bodies in memory, together with those of the doors. */
  readonly budget: ByteBudget;
  /** Decompressions at a time. */
  readonly gate: Gate;
  readonly userAgent: string;
  /** Told in one sentence what a person should know. */
  readonly say: (sentence: string) => void;
}

/** Series in one request: larger ones would hold up every other request while they are checked. */
const seriesPerRequest = 5_000;

/** Scrapes the targets of its jobs. Who makes it closes it. */
export class Scraper {
  readonly #options: ScraperOptions;
  #jobs: readonly JobLoops[];
  #closed = false;

  constructor(jobs: readonly ScrapeJob[], options: ScraperOptions) {
    this.#options = options;
    this.#jobs = jobs.map((job) => this.#start(job));
  }

  /** What `GET /api/v1/targets` shows of the jobs that are of interest. */
  targets(isWanted: (job: ScrapeJob) => boolean = () => true): TargetsReport {
    return targetsReport(this.#jobs.filter(({ job }) => isWanted(job)));
  }

  /** Other jobs from now on. A job that is configured as before goes on undisturbed; the series of one that is gone end. */
  async replace(jobs: readonly ScrapeJob[]): Promise<void> {
    const running = new Map(this.#jobs.map((loops) => [markOf(loops.job), loops]));
    const marks = new Set(jobs.map(markOf));
    const gone = this.#jobs.filter(({ job }) => !marks.has(markOf(job)));
    this.#jobs = jobs.map((job) => running.get(markOf(job)) ?? this.#start(job));
    await Promise.all(gone.map((loops) => loops.retire()));
  }

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all(this.#jobs.map((loops) => loops.close()));
  }

  #start(job: ScrapeJob): JobLoops {
    const { budget, gate, userAgent, say } = this.#options;
    return new JobLoops(
      job,
      { budget, gate, userAgent },
      { write: (series) => this.#write(series, job), say },
    );
  }

  async #write(series: readonly WrittenSeries[], job: ScrapeJob): Promise<void> {
    for (let at = 0; at < series.length && !this.#closed; at += seriesPerRequest)
      await this.#options.accept(seriesToOtlp(series.slice(at, at + seriesPerRequest)).request, job);
  }
}

/** The same for jobs that are configured the same. */
function markOf(job: ScrapeJob): string {
  return JSON.stringify(job);
}
